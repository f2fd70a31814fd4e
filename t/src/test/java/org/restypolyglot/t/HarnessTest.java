package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void luaError_fails() {
    try (Nginx nginx = new NginxConf().start()) {
      assertThatThrownBy(() -> nginx.lua("error('thrown in Lua')"))
          .hasMessageContaining("thrown in Lua");
      assertThat(nginx.lua("return nil, true, 1, 'a\\0\\255', {1, {'x'}}"))
          .isEqualTo("nil, true, 1, 'a\\x00\\xff', {1, {'x'}}");
    }
  }
}
