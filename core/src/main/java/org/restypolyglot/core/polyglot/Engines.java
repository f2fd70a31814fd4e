package org.restypolyglot.core.polyglot;

import com.oracle.truffle.api.Truffle;
import java.util.Map;
import java.util.Optional;
import org.graalvm.polyglot.Engine;
import org.restypolyglot.core.guest.EngineDescription;

/** Makes and describes polyglot engines. */
public final class Engines {
  private static final String UNKNOWN_VERSION = "Development Build";
  private static final String INTERPRETED = "Interpreted";

  /**
   * When guests' code is compiled: not while it starts. The engine's own settings compile the first
   * functions within the first second, by a compiler that is Java too and runs in the JVM's
   * interpreter still: a few of them double the time to a first reply, and the code that all others
   * wait for gets no CPU. docs/architecture.md has the figures.
   */
  private static final Map<String, String> COMPILATION =
      Map.of(
          // An idle compiler would divide the two thresholds below by 16.
          "engine.DynamicCompilationThresholds", "false",
          "engine.FirstTierCompilationThreshold", "2000",
          "engine.LastTierCompilationThreshold", "15000",
          // Some functions of the library count a million loops for one search in a short text.
          "engine.FirstTierMinInvokeThreshold", "500",
          // In nodes. Without a limit one function with much in it can fill the heap and keep the
          // compiler busy for a minute, while nothing else is compiled.
          "compiler.MaximumGraalGraphSize", "100000");

  private Engines() {}

  /**
   * Begins an engine for a language. Options that the JVM has as system properties ({@code
   * -Dpolyglot.engine.…}) go before ours.
   *
   * @param log takes what the engine itself says
   */
  public static Engine.Builder newBuilder(String language, EngineLog log) {
    Engine.Builder builder =
        Engine.newBuilder(language).allowExperimentalOptions(true).logHandler(log);
    if (!Truffle.getRuntime().getName().startsWith(INTERPRETED)) { // which has no such options
      COMPILATION.forEach(
          (name, value) -> {
            if (System.getProperty("polyglot." + name) == null) {
              builder.option(name, value);
            }
          });
    }
    return builder;
  }

  /**
   * Describes an engine as what runs a language.
   *
   * @param name the language's implementation, for example {@code "GraalJS"}
   */
  public static EngineDescription describe(Engine engine, String name) {
    String implementation = engine.getImplementationName();
    boolean interpreted = implementation.startsWith(INTERPRETED);
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
