package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the glue adds to GraalPy's language. Each script of {@code src/test/resources/language},
 * imported as a module, prints here what it printed in CPython, which made the file beside it
 * ({@code guest-python/python/record}).
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LanguageTest {
  private static final RecordedScripts SCRIPTS = new RecordedScripts("language");

  private static final String IMPORTS =
      """
      import contextlib, importlib, io

      def run(req, task):
          out = io.StringIO()
          with contextlib.redirect_stdout(out):
              importlib.import_module(req.decode())
          return out.getvalue()

      def init(cfg): return run
      """;

  private PythonHost python;
  private long scripts;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    python = new PythonHost(folder);
    python.write("imports.py", IMPORTS);
    for (String name : scripts().toList()) {
      python.write(name + ".py", Files.readString(SCRIPTS.file(name), UTF_8));
    }
    scripts = python.load("imports,init");
  }

  @AfterAll
  void stop() throws Exception {
    python.unload(scripts);
    python.close();
  }

  private static Stream<String> scripts() throws IOException {
    return SCRIPTS.names();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void script_printsWhatItPrintsInCPython(String name) throws Exception {
    assertThat(python.call(scripts, "m", name)).isEqualTo(SCRIPTS.printed(name));
  }

  /** The module that compiles it stands in for {@code ast}, whose name a user may take. */
  @Test
  void exceptStar_besideAModuleAst(@TempDir Path folder) throws Exception {
    try (PythonHost other = new PythonHost(folder)) {
      other.write("imports.py", IMPORTS);
      other.write("ast.py", "raise ImportError('not this one')\n");
      other.write(
          "groups.py",
          """
          try:
              raise ExceptionGroup("all", [ValueError(1)])
          except* ValueError as error:
              print(error.exceptions)
          """);
      long runtime = other.load("imports,init");
      assertThat(other.call(runtime, "m", "groups")).isEqualTo("(ValueError(1),)\n");
      other.unload(runtime);
    }
  }
}
