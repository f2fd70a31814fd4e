package org.restypolyglot.guest.python;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.restypolyglot.core.Spec;

/**
 * Which modules of the standard library a user's module has needed, so that the next context for it
 * can import them before it is loaded: with hot reload that is the greater part of a reload's time.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: a text for each module, until the process ends.
 */
final class LibraryModules {
  private final Map<String, String> byModule = new ConcurrentHashMap<>();

  /** Names, one a line; none without hot reload, where nothing is made beforehand. */
  String of(Spec spec) {
    return spec.hotReload() ? byModule.getOrDefault(spec.name(), "") : "";
  }

  void note(Spec spec, String names) {
    if (spec.hotReload()) {
      byModule.put(spec.name(), names);
    }
  }
}
