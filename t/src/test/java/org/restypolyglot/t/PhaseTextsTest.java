package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** What the phases outside a request's usual ones say of loads and calls. */
class PhaseTextsTest {

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void makeCertificate(Path folder) throws IOException, InterruptedException {
    String key = folder.resolve("key.pem").toString();
    String certificate = folder.resolve("cert.pem").toString();
    Shell.run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-keyout",
            key,
            "-out",
            certificate)
        .orThrow();
  }

  /** It cannot yield, unlike ssl_session_fetch; the text names it, and no C function. */
  @Test
  void sslSessionStore_isNamed(@TempDir Path folder) throws Exception {
    makeCertificate(folder);
    int port = freePort();
    NginxConf conf =
        new NginxConf()
            .http(
                """
                ssl_session_store_by_lua_block {
                    local ok, done, why = pcall(function() return ngx.load_ffi("js:t/calls,init"):echo("x") end)
                    ngx.shared.test:set("store", tostring(done) .. " " .. tostring(why))
                }
                server {
                    listen 127.0.0.1:%d ssl;
                    ssl_protocols TLSv1.2;
                    ssl_session_tickets off;
                    ssl_certificate %s/cert.pem;
                    ssl_certificate_key %2$s/key.pem;
                    location / { return 200 "served"; }
                }
                """
                    .formatted(port, folder));
    try (Nginx nginx = conf.start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      Shell.run("curl", "-sk", "https://127.0.0.1:" + port + "/").orThrow();
      String read = "return ngx.shared.test:get('store')";
      Await.until("a session is stored", () -> !nginx.lua(read).equals("nil"));
      assertThat(nginx.lua(read))
          .startsWith("'false a call has to wait, and ssl_session_store_by_lua cannot");
      nginx.check();
    }
  }

  @Test
  void exitWorker_isRefused_exceptForWhatIsThere() {
    NginxConf conf =
        new NginxConf()
            .http(
                """
                exit_worker_by_lua_block {
                    require "resty_ffi"
                    local rt, rc, err = ngx.load_ffi("js:t/calls,init,another")
                    ngx.log(ngx.WARN, "load: ", tostring(rt), " ", tostring(rc), " ", err)
                    local found = ngx.load_ffi("js:t/calls,init")
                    if found then
                        local ok, why = found:echo("x")
                        ngx.log(ngx.WARN, "call: ", tostring(ok), " ", why)
                    end
                }
                """);
    try (Nginx nginx = conf.start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      nginx.expectLog("load: nil -1 ngx.load_ffi cannot be used in exit_worker_by_lua");
      nginx.expectLog("call: false a call has to wait, and exit_worker_by_lua cannot");
      nginx.awaitGone(nginx.reload());
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
