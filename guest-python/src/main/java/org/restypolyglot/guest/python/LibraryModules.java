package org.restypolyglot.guest.python;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.restypolyglot.core.Spec;

/**
 * Which modules of the standard library a user's module has needed, so that the next context for it
 * can import them before it is loaded: with hot reload that is the greater part of a reload's time.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: two texts for each module, until the process ends.
 */
final class LibraryModules {
  /*
   * What was imported early is imported, whether it is still needed or not. So a module stays until
   * an import disappears from the user's sources, whichever: then those remain that are named there,
   * or came in addition. What is needed without being named (by another one, for a codec) comes back
   * with the next load.
   */

  /**
   * What a load has come to.
   *
   * @param names of modules, one a line
   * @param mentioned words of the import statements in the user's sources
   */
  private record Load(String names, Set<String> mentioned) {
    Load after(Load before) {
      if (mentioned.containsAll(before.mentioned)) {
        return this;
      }
      Set<String> early = before.names.lines().collect(Collectors.toSet());
      String needed =
          names
              .lines()
              .filter(name -> !early.contains(name) || mentioned.contains(topOf(name)))
              .collect(Collectors.joining("\n"));
      return new Load(needed, mentioned);
    }

    private static String topOf(String name) {
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    }
  }

  private final Map<String, Load> byModule = new ConcurrentHashMap<>();

  /** Names, one a line; none without hot reload, where nothing is made beforehand. */
  String of(Spec spec) {
    Load last = byModule.get(spec.name());
    return spec.hotReload() && last != null ? last.names() : "";
  }

  void note(Spec spec, String names, Set<String> mentioned) {
    if (spec.hotReload()) {
      byModule.merge(
          spec.name(), new Load(names, Set.copyOf(mentioned)), (old, fresh) -> fresh.after(old));
    }
  }
}
