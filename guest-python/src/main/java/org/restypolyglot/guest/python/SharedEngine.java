package org.restypolyglot.guest.python;

import org.graalvm.polyglot.Engine;
import org.restypolyglot.core.debug.DebuggedEngines;
import org.restypolyglot.core.polyglot.EngineLog;
import org.restypolyglot.core.polyglot.Engines;

/**
 * The polyglot engine of all Python contexts, which share its code.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the engine, until the process ends. <b>Failure</b>: the
 * first use throws what the engine throws.
 */
final class SharedEngine {
  /** Takes what the engine itself says; the latest guest's log speaks for it. */
  static final EngineLog LOG = new EngineLog();

  private SharedEngine() {}

  static Engine get() {
    return Holder.ENGINE;
  }

  private static final class Holder {
    static final Engine ENGINE = Engines.newBuilder(PythonLanguage.ID, LOG).build();

    static {
      DebuggedEngines.add("Python", ENGINE);
    }
  }
}
