package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Handlers that take all memory or stack: who pays for it, and what is left. */
class GreedyTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  @ParameterizedTest
  @CsvSource({
    "JS, recurse", "JS, many_arrays", "JS, long_string", "JS, many_arrays_later",
    "PY, recurse", "PY, many_arrays", "PY, long_string", "PY, many_arrays_later"
  })
  void greedyHandler_failsAlone_andTheWorkerLives(Lang lang, String method) {
    Nginx nginx = NGINX.get();
    nginx.log().allow("\\[(error|warn)] .*");
    assertThat(
            nginx.lua(
                RunawayTest.RUN.replace("timeout = 1", "timeout = 30"),
                lang.spec("t/runaway", "init," + method),
                method))
        .matches("\\{false, (1, .*|'timeout')}, \\{true, 'queued'}, 'later', true");
  }

  /** Of the 512 MB of dist/conf/jvm.options four fifths are for what lives long. */
  @Test
  void nearlyFullHeap_isToldInTheLog() {
    Nginx nginx = NGINX.get();
    String code =
        """
        local rt = load("js:t/runaway,init,keep")
        local ok, kept = rt:keep("370")
        rt:__unload()
        return ok, kept
        """;
    assertThat(nginx.lua(code)).isEqualTo("true, '370'");
    nginx.expectLog(
        "\\[warn] .*the heap is nearly full: the guests of process \\d+ keep 3\\d\\d of");
  }
}
