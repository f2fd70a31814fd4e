package org.restypolyglot.core.debug;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.graalvm.polyglot.Engine;

/**
 * The engines of the process that a debugger may be opened to. Any thread; engines live until the
 * process ends, and so do they here.
 */
public final class DebuggedEngines {
  private static final List<Entry> ENTRIES = new CopyOnWriteArrayList<>();

  private DebuggedEngines() {}

  /**
   * An engine.
   *
   * @param language what it runs, for users
   */
  record Entry(String language, Engine engine) {}

  /** Makes an engine known, whether anybody wants to debug it or not. */
  public static void add(String language, Engine engine) {
    ENTRIES.add(new Entry(language, engine));
  }

  static List<Entry> all() {
    return ENTRIES;
  }
}
