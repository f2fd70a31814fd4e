package org.restypolyglot.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) throws IOException {
    return new Main(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8))
        .run(args);
  }

  @Test
  void badArguments_areQuoted() throws IOException {
    assertThat(run("cal", "x")).isEqualTo(126);
    assertThat(err.toString(UTF_8)).contains("\"cal x\"").contains("usage:");
  }

  @Test
  void unknownLanguage_isAnErrorOnStderr() throws IOException {
    assertThat(run("call", "nolang:m,init")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("no language \"nolang\"");
    assertThat(out.size()).isZero();
  }

  @Test
  void version_isPrinted() throws IOException {
    assertThat(run("--version")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("resty-polyglot ");
  }
}
