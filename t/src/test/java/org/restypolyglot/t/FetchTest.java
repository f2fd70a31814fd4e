package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Certificates;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** JavaScript's {@code fetch} in nginx, of nginx itself: HTTP/2 over TLS. */
class FetchTest {
  private static final int IN_FLIGHT = 50;

  @TempDir static Path folder = Path.of("unset");

  private static Nginx nginx;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Certificates.make(folder, "cert", "DNS:localhost");
    port = NginxConf.freePort();
    nginx =
        new NginxConf()
            .main("env NODE_EXTRA_CA_CERTS=" + folder.resolve("cert.pem") + ";")
            .http(
                """
                server {
                    listen 127.0.0.1:%d ssl http2;
                    ssl_certificate %s/cert.pem;
                    ssl_certificate_key %2$s/cert.key;
                    client_max_body_size 20m;
                    client_body_buffer_size 20m;
                    keepalive_requests 20;
                    location = /hello { return 200 "hello"; }
                    location = /megabyte {
                        content_by_lua_block { ngx.print(string.rep("x", 1000000)) }
                    }
                    location = /protocol { return 200 $server_protocol; }
                    location = /moved { return 302 /hello; }
                    location = /echo {
                        content_by_lua_block {
                            ngx.req.read_body()
                            ngx.print(ngx.req.get_body_data())
                        }
                    }
                    location = /endless {
                        lua_check_client_abort on;
                        content_by_lua_block {
                            ngx.on_abort(function()
                                ngx.shared.test:set("gone", true)
                                ngx.exit(499)
                            end)
                            while true do
                                ngx.print(string.rep("x", 1000))
                                ngx.flush(true)
                                ngx.sleep(0.01)
                            end
                        }
                    }
                }
                """
                    .formatted(port, folder))
            .server(
                """
                location = /endless {
                    lua_check_client_abort on;
                    content_by_lua_block {
                        require("resty_ffi")
                        ngx.load_ffi("js:t/fetch,init"):endless("https://localhost:%d/endless")
                    }
                }
                location = /text {
                    content_by_lua_block {
                        require("resty_ffi")
                        local rt = ngx.load_ffi("js:t/fetch,init")
                        ngx.print((select(2, rt:text("https://localhost:%1$d/hello", {timeout = 140}))))
                    }
                }
                """
                    .formatted(port))
            .start();
  }

  @AfterAll
  static void stop() {
    nginx.close();
  }

  private static String call(String method, String path) {
    return nginx.lua(
        "return load('js:t/fetch,init'):%s('https://localhost:%d%s', {timeout = 100})",
        method, port, path);
  }

  @Test
  void http2_isSpoken_andRedirectsAreFollowed() {
    assertThat(call("get", "/protocol")).isEqualTo("true, '200 HTTP/2.0'");
    assertThat(call("get", "/moved")).isEqualTo("true, '200 hello'");
    nginx.check();
  }

  @Test
  void otherHost_isRefused() {
    assertThat(nginx.lua("return load('js:t/fetch,init'):code('https://127.0.0.1:%d/hello')", port))
        .isEqualTo("true, 'ERR_TLS_CERT_ALTNAME_INVALID'");
    nginx.check();
  }

  @Test
  void tenMegabytes_bothWays() {
    assertThat(call("large", "/echo")).isEqualTo("true, 'true'");
    nginx.check();
  }

  /** nginx ends a connection after 20 of them, while others are on their way. */
  @Test
  void manyFetches_whileManyRequestsAreServed() {
    CompletableFuture<String> many =
        nginx.luaAsync(
            "return load('js:t/fetch,init'):many('https://localhost:%d/', {timeout = 140})", port);
    List<CompletableFuture<String>> replies = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT; i++) {
      replies.add(nginx.getAsync("/text"));
    }
    assertThat(replies).allSatisfy(reply -> assertThat(reply.join()).isEqualTo("hello"));
    assertThat(many.join()).isEqualTo("true, '200 '");
    nginx.check();
  }

  @Test
  void clientThatLeaves_endsTheFetch() throws IOException {
    nginx.lua("ngx.shared.test:delete('gone') return load('js:t/fetch,init') ~= nil");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      socket.getOutputStream().write("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      Await.until("the body has begun", () -> nginx.log().count("the body has begun") > 0);
    }
    nginx.expectLog("the body ended by AbortError: the call was cancelled: client gone");
    Await.until(
        "the upstream knows", () -> nginx.lua("return ngx.shared.test:get('gone')").equals("true"));
    nginx.check();
  }
}
