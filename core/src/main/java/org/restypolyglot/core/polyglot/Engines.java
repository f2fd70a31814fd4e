package org.restypolyglot.core.polyglot;

import java.util.Optional;
import org.graalvm.polyglot.Engine;
import org.restypolyglot.core.guest.EngineDescription;

/** Describes polyglot engines. */
public final class Engines {
  private static final String UNKNOWN_VERSION = "Development Build";

  private Engines() {}

  /**
   * Describes an engine as what runs a language.
   *
   * @param name the language's implementation, for example {@code "GraalJS"}
   */
  public static EngineDescription describe(Engine engine, String name) {
    String implementation = engine.getImplementationName();
    boolean interpreted = implementation.startsWith("Interpreted");
    return new EngineDescription(
        "%s %s on %s"
            .formatted(
                name,
                version(engine),
                interpreted ? "the interpreter, no JIT" : implementation + ", JIT"),
        interpreted);
  }

  /** The engine knows its version where it is part of a GraalVM; its jar knows it elsewhere. */
  private static String version(Engine engine) {
    String version = engine.getVersion();
    if (!version.equals(UNKNOWN_VERSION)) {
      return version;
    }
    return Optional.ofNullable(Engine.class.getPackage().getImplementationVersion())
        .orElse(version);
  }
}
