package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** The guest learns that nobody waits for a call any more, and why. */
class CancelTest {
  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(
          new NginxConf()
              .server(
                  """
                  location = /checked {
                      lua_check_client_abort on;
                      content_by_lua_block { ngx.load_ffi(ngx.var.arg_spec):wait(ngx.var.arg_id) }
                  }
                  location = /unchecked {
                      content_by_lua_block { ngx.load_ffi(ngx.var.arg_spec):wait(ngx.var.arg_id) }
                  }
                  """));

  /** Runs Lua that can wait until the handler of call {@code id} runs. */
  private static String lua(Lang lang, String id, String code) {
    String prelude =
        """
        local rt, id = load("%s"), "%s"
        local function until_begun()
            repeat ngx.sleep(0.01) until select(2, rt:began(id)) == "true"
        end
        """
            .formatted(lang.spec("t/cancel"), id);
    return NGINX.get().lua(prelude + code);
  }

  private static void expectCancel(String id, String reason) {
    NGINX.get().expectLog("t/cancel\\] " + id + " is cancelled: .*" + reason);
  }

  /** A call of a client that leaves while the handler runs. */
  private static void leave(Lang lang, String id, String path) throws IOException {
    lua(lang, id, ""); // loaded, before the client comes
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), NGINX.get().port())) {
      String target = path + "?spec=" + lang.spec("t/cancel") + "&id=" + id;
      String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      lua(lang, id, "until_begun()");
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeout_isToldToTheHandler(Lang lang) {
    String id = "timed out " + lang;
    assertThat(lua(lang, id, "return rt:wait(id, {timeout = 0.3})")).isEqualTo("false, 'timeout'");
    expectCancel(id, "timeout");
  }

  @ParameterizedTest
  @EnumSource
  void killedLightThread_isToldToTheHandler(Lang lang) {
    String id = "killed " + lang;
    String code =
        """
        local thread = ngx.thread.spawn(rt.wait, rt, id)
        until_begun()
        return ngx.thread.kill(thread)
        """;
    assertThat(lua(lang, id, code)).isEqualTo("1");
    expectCancel(id, "client gone");
  }

  @ParameterizedTest
  @EnumSource
  void exit_isToldToTheHandler(Lang lang) {
    String id = "exited " + lang;
    String code =
        """
        ngx.thread.spawn(rt.wait, rt, id)
        until_begun()
        ngx.exit(200)
        """;
    assertThat(lua(lang, id, code)).isEmpty();
    expectCancel(id, "client gone");
  }

  @ParameterizedTest
  @EnumSource
  void clientThatLeaves_isToldToTheHandler(Lang lang) throws IOException {
    String id = "left-" + lang;
    leave(lang, id, "/checked");
    expectCancel(id, "client gone");
  }

  /** nginx does not look whether the client is still there: the handler runs to its end. */
  @ParameterizedTest
  @EnumSource
  void clientThatLeavesUnchecked_isNotNoticed(Lang lang) throws IOException {
    String id = "unnoticed-" + lang;
    leave(lang, id, "/unchecked");
    Await.pause(Duration.ofMillis(300));
    assertThat(lua(lang, id, "return rt:release()")).isEqualTo("true, 'released'");
    NGINX.get().expectLog("t/cancel\\] " + id + " ends by itself");
    NGINX.get().check();
    assertThat(NGINX.get().log().count(id + " is cancelled")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void queuedTaskThatIsCancelled_isNeverStarted(Lang lang) throws IOException {
    Nginx nginx = NGINX.get();
    Path gate = nginx.prefix().resolve("tmp/gate-" + lang);
    String spec = lang.spec("t/cancel", "init,queued");
    CompletableFuture<String> blocked =
        nginx.luaAsync("return load('%s', nil, {timeout = 0}):block('%s')", spec, gate);
    nginx.expectLog("waits for " + gate);
    nginx.check();
    String code =
        """
        local rt = load("%s")
        for i, result in ipairs(t.parallel(20, function(i)
            return rt:note("queued " .. i, {timeout = 0.2})
        end)) do
            if result[2] ~= "timeout" then return i, result end
        end
        return "all timed out"
        """;
    assertThat(nginx.lua(code, spec)).isEqualTo("'all timed out'");
    // The guests learn it later, in order: what another runtime answers now was asked after that.
    String other = lang.spec("t/cancel", "init,other");
    assertThat(nginx.lua("return load('%s'):note('another')", other)).isEqualTo("true, nil");
    Files.createFile(gate);
    assertThat(blocked.join()).isEqualTo("true, 'opened'");
    assertThat(nginx.lua("return load('%s'):note('the last')", spec)).isEqualTo("true, nil");
    nginx.expectLog("the last begins");
    nginx.check();
    assertThat(nginx.log().count("queued \\d+ begins")).isZero();
  }
}
