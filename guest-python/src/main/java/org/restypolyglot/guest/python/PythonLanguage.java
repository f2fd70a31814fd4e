package org.restypolyglot.guest.python;

import java.util.Optional;
import org.graalvm.polyglot.Engine;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;

/**
 * Python, by GraalPy.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the engine that all contexts of the process share, from the
 * first {@link #newGuest} until the process ends. <b>Failure</b>: {@link #newGuest} throws.
 */
public final class PythonLanguage implements GuestLanguage {
  static final String ID = "python";

  private static final String DEVELOPMENT_BUILD = "Development Build";

  @Override
  public String prefix() {
    return "py";
  }

  /** sqlite3, {@code threading.local} and asyncio's running loop belong to a thread. */
  @Override
  public Threading threading() {
    return Threading.HOME_THREAD;
  }

  @Override
  public Guest newGuest(GuestEnvironment environment) throws GuestException {
    return new PythonGuest(environment);
  }

  @Override
  public String describeEngine() {
    Engine engine = SharedEngine.get();
    String implementation = engine.getImplementationName();
    boolean interpreted = implementation.startsWith("Interpreted");
    return "GraalPy %s on %s"
        .formatted(
            version(engine), interpreted ? "the interpreter, no JIT" : implementation + ", JIT");
  }

  /** The engine knows its version where it is part of a GraalVM; its jar knows it elsewhere. */
  private static String version(Engine engine) {
    String version = engine.getVersion();
    if (!version.equals(DEVELOPMENT_BUILD)) {
      return version;
    }
    return Optional.ofNullable(Engine.class.getPackage())
        .map(Package::getImplementationVersion)
        .orElse(version);
  }
}
