package org.restypolyglot.core.polyglot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.LogLevel;

class LineStreamTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void wholeLines_reachTheLog_aLastOneWithoutItsEndToo() throws Exception {
    LineStream stream = stream(LogLevel.WARN);
    stream.write("one\ntwo ".getBytes(UTF_8));
    assertThat(log).containsExactly("WARN one");
    stream.write("é\nrest".getBytes(UTF_8));
    stream.close();
    assertThat(log).containsExactly("WARN one", "WARN two é");
    stream.finish();
    assertThat(log).containsExactly("WARN one", "WARN two é", "WARN rest");
  }

  @Test
  void aLineWithoutAnEnd_isCut() throws Exception {
    LineStream stream = stream(LogLevel.INFO);
    for (int i = 0; i < 7; i++) {
      stream.write("x".repeat(10_000).getBytes(UTF_8));
    }
    assertThat(log).containsExactly("INFO " + "x".repeat(70_000));
  }

  @Test
  void threads_haveLinesOfTheirOwn() throws Exception {
    LineStream stream = stream(LogLevel.INFO);
    stream.write("mine ".getBytes(UTF_8));
    Thread other = Thread.ofPlatform().start(() -> stream.write("theirs\n".getBytes(UTF_8), 0, 7));
    other.join();
    stream.write("too\n".getBytes(UTF_8));
    assertThat(log).containsExactly("INFO theirs", "INFO mine too");
  }

  @Test
  void whatAThreadHasNotFinished_isLoggedAfterItsEnd() throws Exception {
    LineStream stream = stream(LogLevel.INFO);
    Thread other = Thread.ofPlatform().start(() -> stream.write("theirs".getBytes(UTF_8), 0, 6));
    other.join();
    assertThat(log).isEmpty();
    stream.write("mine\n".getBytes(UTF_8));
    assertThat(log).containsExactly("INFO theirs", "INFO mine");
  }

  private LineStream stream(LogLevel level) {
    return new LineStream((l, text) -> log.add(l + " " + text), level);
  }
}
