package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Lua in {@code ngx.run_worker_thread} is not on nginx's thread, and is told so. */
class WorkerThreadTest {
  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(new NginxConf().main("thread_pool lua threads=2;"));

  private static final String ELSEWHERE =
      "return ngx.run_worker_thread('lua', 'elsewhere', 'load')";

  @BeforeAll
  static void write() {
    NGINX
        .get()
        .write(
            "lua/elsewhere.lua",
            """
            local _M = {}
            function _M.load()
                require "resty_ffi"
                local rt, rc, err = ngx.load_ffi("js:t/calls,init")
                return tostring(rt) .. " " .. tostring(rc) .. " " .. tostring(err)
            end
            return _M
            """);
  }

  @Test
  void load_isRefused_beforeAndAfterTheHostHasStarted() {
    assertThat(NGINX.get().lua("return type(ngx.run_worker_thread)")).isEqualTo("'function'");
    for (int i = 0; i < 3; i++) {
      assertThat(NGINX.get().lua(ELSEWHERE))
          .startsWith("true, 'nil -1 ")
          .contains("ngx.run_worker_thread")
          .doesNotContain("init_by_lua");
      assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')"))
          .isEqualTo("true, 'x'");
    }
  }
}
