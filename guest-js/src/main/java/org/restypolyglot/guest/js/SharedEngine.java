package org.restypolyglot.guest.js;

import java.util.concurrent.atomic.AtomicReference;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.debug.DebuggedEngines;
import org.restypolyglot.core.polyglot.EngineLog;
import org.restypolyglot.core.polyglot.Engines;
import org.restypolyglot.core.polyglot.OpenClasses;

/**
 * A polyglot engine that many contexts share, and with it their compiled code.
 *
 * <p>There are two, as all contexts of an engine must have the same host access: one for guests
 * without permissions, which reach our exported methods only, and one for guests that may use some
 * Java classes.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the engine, until the process ends. <b>Failure</b>: the
 * first use throws what the engine throws.
 */
final class SharedEngine {
  private static final AtomicReference<@Nullable Engine> FIRST = new AtomicReference<>();

  private final Engine engine;
  private final HostAccess hostAccess;
  private final EngineLog log = new EngineLog();

  private SharedEngine(String name, HostAccess hostAccess) {
    this.hostAccess = hostAccess;
    this.engine = Engines.newBuilder(JsLanguage.ID, log).build();
    FIRST.compareAndSet(null, engine);
    DebuggedEngines.add(name, engine);
  }

  /** The engine that was made first; both are of the same kind. Null: none is made yet. */
  static @Nullable Engine first() {
    return FIRST.get();
  }

  /** For guests without permissions. */
  static SharedEngine withoutJava() {
    return WithoutJava.INSTANCE;
  }

  /** For guests that may look up some Java classes. */
  static SharedEngine withJava() {
    return WithJava.INSTANCE;
  }

  Engine engine() {
    return engine;
  }

  HostAccess hostAccess() {
    return hostAccess;
  }

  /** Takes what the engine itself says (not one of its contexts). */
  EngineLog log() {
    return log;
  }

  private static final class WithoutJava {
    static final SharedEngine INSTANCE =
        new SharedEngine(
            "JavaScript",
            HostAccess.newBuilder(HostAccess.EXPLICIT).allowBufferAccess(true).build());
  }

  private static final class WithJava {
    static final SharedEngine INSTANCE =
        new SharedEngine("JavaScript with Java", OpenClasses.HOST_ACCESS);
  }
}
