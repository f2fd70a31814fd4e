package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Node's core modules: each script of {@code src/test/resources/node} writes here what it wrote in
 * Node 22.23.3, which made the file beside it ({@code guest-js/npm/record}).
 */
class NodeLibraryTest extends JsTestBase {
  private static final String LOG_PREFIX = "INFO [js:main] ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assert",
        "async",
        "buffer",
        "clone",
        "crypto",
        "events",
        "fetch",
        "fs",
        "http-parser",
        "http2",
        "loop",
        "net",
        "path",
        "process",
        "random",
        "stream",
        "streams-out",
        "text",
        "timers",
        "url",
        "util",
        "zlib",
      })
  void script_writesWhatItWritesInNode(String name) throws Exception {
    List<String> expected = lines(resource(name + ".txt"));
    js.write("script.js", resource(name + ".js"));
    js.loadText("exports.init = () => { require('./script.js'); return () => ''; };");
    assertThat(written(expected.size())).isEqualTo(expected);
  }

  /** What the script has written, once that is enough. */
  private List<String> written(int count) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (output().size() < count && System.nanoTime() < limit) {
      Thread.sleep(20);
    }
    return output();
  }

  private List<String> output() {
    return js.log.stream()
        .filter(entry -> entry.startsWith(LOG_PREFIX) || entry.startsWith("ERROR"))
        .flatMap(entry -> lines(entry.replaceFirst("^INFO ", "")).stream())
        .map(line -> line.replaceFirst("^\\[js:main] ?", ""))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /** Without what the log leaves out: empty lines, and blanks at the end of one. */
  private static List<String> lines(String text) {
    return text.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).toList();
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = NodeLibraryTest.class.getResourceAsStream("/node/" + name)) {
      return new String(Objects.requireNonNull(stream, name).readAllBytes(), UTF_8);
    }
  }
}
