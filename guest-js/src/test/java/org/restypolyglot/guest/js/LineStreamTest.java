package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.LogLevel;

class LineStreamTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void wholeLines_reachTheLog() throws Exception {
    try (LineStream stream =
        new LineStream((level, text) -> log.add(level + " " + text), LogLevel.WARN)) {
      stream.write("one\ntwo ".getBytes(UTF_8));
      assertThat(log).containsExactly("WARN one");
      stream.write("é\nrest".getBytes(UTF_8));
    }
    assertThat(log).containsExactly("WARN one", "WARN two é", "WARN rest");
  }

  @Test
  void aLineWithoutAnEnd_isCut() throws Exception {
    try (LineStream stream = new LineStream((level, text) -> log.add(text), LogLevel.INFO)) {
      stream.write("x".repeat(70_000).getBytes(UTF_8));
      assertThat(log).hasSize(1).first().asString().hasSize(65_536);
    }
  }
}
