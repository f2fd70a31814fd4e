package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * The Python side of the guest, from the resources beside this class.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link IllegalStateException} where the jar is broken.
 */
final class Glue {
  /** Starts file names in code objects; {@code trace.py} hides such frames. */
  static final String FOLDER = "<resty-polyglot>/";

  /** Their functions stand in for some of the standard library's. */
  private static final Set<String> LIBRARY =
      Set.of(
          FOLDER + "accounts.py",
          FOLDER + "builtin_repairs.py",
          FOLDER + "digests.py",
          FOLDER + "each.py",
          FOLDER + "exception_groups.py",
          FOLDER + "formatting.py",
          FOLDER + "posix_backend.py",
          FOLDER + "repairs.py",
          FOLDER + "system_calls.py",
          FOLDER + "tls_turns.py",
          FOLDER + "unicode_errors.py",
          FOLDER + "zlib_decompressor.py");

  private static final Set<String> TELL_FAILURES =
      Set.of(FOLDER + "failures.py", FOLDER + "sources.py", FOLDER + "trace.py");

  private Glue() {}

  /** Whether the file is one that users call as they call the standard library. */
  static boolean isLibrary(String file) {
    return LIBRARY.contains(file);
  }

  /** Whether the file makes the texts of failures, with the standard library's help. */
  static boolean tellsFailures(String file) {
    return TELL_FAILURES.contains(file);
  }

  /** What is evaluated first: a function that takes the host's functions and returns ours. */
  static Source bootstrap() {
    return Bootstrap.SOURCE;
  }

  static void addTo(Map<String, Object> functions) {
    functions.put("glue", (ProxyExecutable) Glue::glue);
    functions.put("compiled_glue", (ProxyExecutable) Glue::compiled);
  }

  /**
   * {@code compiled_glue(name) -> str | None}: what PrepareResources.java has made of the module's
   * present text, a character for each byte that {@code marshal.loads} takes.
   */
  private static @Nullable Object compiled(Value... arguments) {
    String name = arguments[0].asString();
    String resources = System.getProperty("polyglot.engine.resourcePath");
    String text = read(name + ".py");
    if (resources == null || text == null) {
      return null;
    }
    Path file = Path.of(resources, "glue", name + "." + Integer.toHexString(text.hashCode()));
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return null;
    }
  }

  /** {@code glue(name) -> str | None}: a module of the glue. */
  private static @Nullable Object glue(Value... arguments) {
    return read(arguments[0].asString() + ".py");
  }

  private static @Nullable String read(String file) {
    try (InputStream in = Glue.class.getResourceAsStream(file)) {
      return in == null ? null : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Bootstrap {
    static final Source SOURCE = source("bootstrap.py");

    private static Source source(String file) {
      String text = read(file);
      if (text == null) {
        throw new IllegalStateException("no resource " + file);
      }
      return Source.newBuilder(PythonLanguage.ID, text, FOLDER + file)
          .internal(true)
          .buildLiteral();
    }
  }
}
