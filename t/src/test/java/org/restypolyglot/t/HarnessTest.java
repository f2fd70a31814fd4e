package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** That the harness fails a test where it should: the other tests rely on it. */
class HarnessTest {

  @Test
  void unexpectedErrorLine_fails_andAnExpectedOneDoesNot() {
    try (Nginx nginx = new NginxConf().start()) {
      nginx.lua("ngx.log(ngx.ERR, 'a bad line')");
      assertThatThrownBy(nginx::check).hasMessageContaining("a bad line");
      nginx.expectLog("\\[error].*another bad line");
      nginx.lua("ngx.log(ngx.ERR, 'another bad line')");
      nginx.check();
    }
  }

  @Test
  void deadWorker_fails() {
    Nginx nginx = new NginxConf().start();
    long worker = nginx.worker();
    nginx.signal("SEGV", worker);
    Await.until("the worker's end", () -> nginx.log().count("exited on signal 11") > 0);
    assertThatThrownBy(nginx::close).hasMessageContaining("exited on signal 11");
  }

  @Test
  void startThatFails_saysWhatNginxPrinted() {
    assertThatThrownBy(() -> new NginxConf().http("no_such_directive;").start())
        .hasMessageContaining("no_such_directive");
  }

  @Test
  void processLeftBehind_fails() {
    Nginx nginx = new NginxConf().start();
    nginx.lua("os.execute('sleep 600 &')");
    assertThatThrownBy(nginx::close).hasMessageContaining("processes");
  }

  @Test
  void fileLeftBehind_fails() throws IOException {
    Nginx nginx = new NginxConf().start();
    Path file = Path.of("/tmp/resty-left." + nginx.worker());
    nginx.lua("io.open('%s', 'w'):close()", file);
    assertThatThrownBy(nginx::close).hasMessageContaining(file.toString());
    Files.delete(file);
  }

  @Test
  void namedSocket_fails() {
    Nginx nginx = new NginxConf().start();
    String code =
        """
        local ffi = require "ffi"
        ffi.cdef [[ int socket(int, int, int); int bind(int, const void *, unsigned); ]]
        local address = ffi.new("char[9]", {1, 0, 0, ("resty"):byte(1, 5)}) -- AF_UNIX, abstract
        return ffi.C.bind(ffi.C.socket(1, 1, 0), address, 8)
        """;
    assertThat(nginx.lua(code)).isEqualTo("0");
    assertThatThrownBy(nginx::close).hasMessageContaining("@resty");
  }

  @Test
  void luaError_fails() {
    try (Nginx nginx = new NginxConf().start()) {
      assertThatThrownBy(() -> nginx.lua("error('thrown in Lua')"))
          .hasMessageContaining("thrown in Lua");
      assertThat(nginx.lua("return nil, true, 1, 'a\\0\\255', {1, {'x'}}"))
          .isEqualTo("nil, true, 1, 'a\\x00\\xff', {1, {'x'}}");
    }
  }
}
