package org.restypolyglot.guest.js;

import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;

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
  private static final String DEVELOPMENT_BUILD = "Development Build";

  private final Engine engine;
  private final HostAccess hostAccess;
  private final EngineLog log = new EngineLog();

  private SharedEngine(HostAccess hostAccess) {
    this.hostAccess = hostAccess;
    this.engine =
        Engine.newBuilder(JsLanguage.ID).allowExperimentalOptions(true).logHandler(log).build();
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

  /** For example {@code GraalJS 25.0.3 on GraalVM CE, JIT}. */
  String describe() {
    String implementation = engine.getImplementationName();
    boolean interpreted = implementation.startsWith("Interpreted");
    return "GraalJS %s on %s"
        .formatted(version(), interpreted ? "the interpreter, no JIT" : implementation + ", JIT");
  }

  /** The engine knows its version where it is part of a GraalVM; its jar knows it elsewhere. */
  private String version() {
    String version = engine.getVersion();
    if (!version.equals(DEVELOPMENT_BUILD)) {
      return version;
    }
    return Optional.ofNullable(Engine.class.getPackage())
        .map(Package::getImplementationVersion)
        .orElse(version);
  }

  private static final class WithoutJava {
    static final SharedEngine INSTANCE =
        new SharedEngine(
            HostAccess.newBuilder(HostAccess.EXPLICIT).allowBufferAccess(true).build());
  }

  private static final class WithJava {
    /** Reflection would open every class to a guest that may use one. */
    static final SharedEngine INSTANCE =
        new SharedEngine(
            HostAccess.newBuilder(HostAccess.ALL)
                .denyAccess(Class.class)
                .denyAccess(ClassLoader.class)
                .denyAccess(Module.class)
                .denyAccess(java.lang.reflect.AccessibleObject.class)
                .denyAccess(java.lang.reflect.Member.class)
                .denyAccess(java.lang.reflect.Proxy.class)
                .denyAccess(MethodHandles.Lookup.class)
                .denyAccess(java.lang.invoke.MethodHandle.class)
                .build());
  }
}
