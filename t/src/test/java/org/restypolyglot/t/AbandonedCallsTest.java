package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Calls whose caller goes away before the reply: nobody else notices. */
class AbandonedCallsTest {
  private static final String JS = "ngx.load_ffi('js:t/calls,init')";

  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(
          new NginxConf()
              .server(
                  """
                  location = /exit {
                      content_by_lua_block {
                          local rt = %1$s
                          ngx.thread.spawn(function() return rt:wait("300") end)
                          ngx.exit(200)
                      }
                  }
                  location = /slow {
                      content_by_lua_block { ngx.print((select(2, %1$s:wait(ngx.var.arg_ms)))) }
                  }
                  location = /slow_checked {
                      lua_check_client_abort on;
                      content_by_lua_block { ngx.print((select(2, %1$s:wait(ngx.var.arg_ms)))) }
                  }
                  """
                      .formatted(JS)));

  @ParameterizedTest
  @EnumSource
  void killedLightThread_harmsNobody(Lang lang) {
    String code =
        """
        local rt = load("%s")
        for round = 1, 20 do
            local threads = {}
            for i = 1, 20 do
                threads[i] = ngx.thread.spawn(function()
                    return rt[i %% 2 == 0 and "later" or "wait"](rt, tostring(20))
                end)
            end
            for i = 1, 20 do ngx.thread.kill(threads[i]) end
            local result = t.all(20, function(i) return rt:echo("round " .. i) end,
                function(i) return "round " .. i end)
            if result ~= "all as expected" then return round, result end
            ngx.sleep(0.005)
        end
        return "unharmed"
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls"))).isEqualTo("'unharmed'");
  }

  @Test
  void exitWithACallInFlight_harmsNobody() {
    for (int i = 0; i < 30; i++) {
      assertThat(NGINX.get().get("/exit")).isEmpty();
      assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')"))
          .isEqualTo("true, 'x'");
    }
    assertThat(NGINX.get().lua("ngx.sleep(0.5) return load('js:t/calls,init'):echo('x')"))
        .isEqualTo("true, 'x'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/slow", "/slow_checked"})
  void clientThatGoesAway_harmsNobody(String path) throws IOException {
    Nginx nginx = NGINX.get();
    for (int i = 0; i < 30; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
        OutputStream out = socket.getOutputStream();
        String request = "GET " + path + "?ms=" + i * 10 + " HTTP/1.1\r\nHost: a\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      }
    }
    assertThat(nginx.lua("ngx.sleep(0.5) return load('js:t/calls,init'):echo('x')"))
        .isEqualTo("true, 'x'");
  }
}
