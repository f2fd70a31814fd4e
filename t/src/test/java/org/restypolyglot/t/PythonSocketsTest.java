package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Sockets of Python, as changed in GraalPy's jar when dist/ was made (MendGraalPy.java). */
class PythonSocketsTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  @ParameterizedTest
  @CsvSource(
      delimiter = ':',
      value = {
        "ready : [[1, 1], [1, 0], [0, 0]]",
        "nothing : (0, None)",
        "closed : [([], [], [])]",
        "both_ways : (8000000, 8000000)",
        "unanswered : [True, 'timed out', 'EINPROGRESS', 'EALREADY', [], 0, 0]",
        "refused : [111, 'EINPROGRESS', [1, 1], 111, 0, '[Errno 111] Connection refused', "
            + "'[Errno 111] Connection refused']",
        "connected : [[True, True, False], [True, True, False], b'hello']",
        "begun : [True, b'x', '[Errno 111] Connection refused', 0]",
        "reset : [Errno 104] Connection reset by peer",
        "datagrams : [1, b'x', '[Errno 111] Connection refused']"
      })
  void reply_isThatOfPosix(String method, String reply) {
    assertThat(NGINX.get().lua("return select(2, load('py:t/sockets,init'):%s(''))", method))
        .contains(reply);
  }
}
