package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.Http2Server;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** The examples' handlers for HTTP/2, which call another nginx over TLS. */
class Http2Test {
  private static final int AT_ONCE = 200;
  private static final int TEN_MEGABYTES = 10_000_000;

  @TempDir static Path folder = Path.of("unset");
  private static Http2Server target = new Http2Server(folder, 0);

  @BeforeAll
  static void makeCertificates() throws Exception {
    target = Http2Server.in(folder);
  }

  /** The nginx that is called; each connection serves so many requests. */
  private static Nginx startServer(int requests) {
    return new NginxConf().http(target.conf(requests)).start();
  }

  /** The nginx whose handlers call. */
  private static Nginx start(String ca) {
    Nginx nginx =
        new NginxConf()
            .location(
                "/call",
                """
                require "resty_ffi"
                ngx.req.read_body()
                local spec = 'js:demo/http2,init,{"host":"%s","ca":"%s/%s"}'
                local rt, _, load_err = ngx.load_ffi(spec, nil, {timeout = 140})
                if not rt then ngx.status = 500 return ngx.print(load_err) end
                local seconds = tonumber(ngx.var.arg_timeout) or 140
                local ok, res, err = rt[ngx.var.arg_method](rt, ngx.req.get_body_data(), {timeout = seconds})
                if not ok then ngx.status = 502 end
                ngx.print(ok and res or err or res)
                """
                    .formatted(target.url(), folder, ca))
            .start();
    try {
      Path example = Dist.checkout().resolve("examples/demo/http2.js");
      nginx.write("demo/http2.js", Files.readString(example));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nginx;
  }

  private static CompletableFuture<HttpResponse<byte[]>> send(
      Nginx nginx, String query, String request) {
    return nginx.sendAsync(
        nginx.request("/call?" + query).POST(BodyPublishers.ofString(request)).build());
  }

  /** What the handler answers, with the status of the call before it where that failed. */
  private static String call(Nginx nginx, String query, String request) {
    HttpResponse<byte[]> response = send(nginx, query, request).join();
    String text = new String(response.body(), UTF_8);
    return response.statusCode() == 200 ? text : response.statusCode() + ": " + text;
  }

  private static void expectError(Nginx nginx, String message) {
    nginx.log().expectError("js:demo/http2", message);
  }

  private static JsonObject reply(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static String body(String text) {
    return reply(text).get("body").getAsString();
  }

  private static String hello(Nginx nginx) {
    return call(nginx, "method=get", "{\"path\": \"/hello\"}");
  }

  @Test
  void callsAtOnce_shareOneConnection() {
    try (Nginx server = startServer(100_000);
        Nginx nginx = start("server.pem")) {
      hello(nginx);
      for (int round = 0; round < 5; round++) {
        List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          calls.add(send(nginx, "method=get", "{\"path\": \"/hello\"}"));
        }
        Set<String> connections = new HashSet<>();
        for (CompletableFuture<HttpResponse<byte[]>> each : calls) {
          JsonObject reply = reply(new String(each.join().body(), UTF_8));
          assertThat(reply.get("status").getAsInt()).isEqualTo(200);
          connections.add(reply.get("body").getAsString());
        }
        assertThat(connections).as("nginx's $connection").hasSize(1);
      }
      nginx.check();
      server.check();
    }
  }

  @Test
  void tenMegabytes_passBothWays() {
    try (Nginx server = startServer(1000);
        Nginx nginx = start("server.pem")) {
      String large = "0123456789".repeat(TEN_MEGABYTES / 10);
      JsonObject request = new JsonObject();
      request.addProperty("path", "/echo");
      request.addProperty("body", large);
      JsonObject reply = reply(call(nginx, "method=post", request.toString()));
      assertThat(reply.get("body").getAsString().equals(large)).isTrue();
      assertThat(reply.getAsJsonObject("headers").get("x-length").getAsString())
          .isEqualTo(Integer.toString(TEN_MEGABYTES));
      nginx.check();
      server.check();
    }
  }

  /** nginx says goodbye after each tenth request; no call fails of it. */
  @Test
  void connectionThatTheServerCloses_isMadeAnew() {
    try (Nginx server = startServer(10);
        Nginx nginx = start("server.pem")) {
      Set<String> connections = new HashSet<>();
      for (int i = 0; i < 45; i++) {
        connections.add(body(hello(nginx)));
      }
      assertThat(connections).hasSizeBetween(4, 6);
      nginx.check();
      server.check();
    }
  }

  @Test
  void restartOfTheServer_isSurvived() {
    try (Nginx nginx = start("server.pem")) {
      try (Nginx server = startServer(1000)) {
        assertThat(hello(nginx)).startsWith("{\"status\":200");
        server.check();
      }
      Await.until(
          "the end of the connection",
          () -> hello(nginx).contains("connect ECONNREFUSED 127.0.0.1:" + target.port()));
      try (Nginx server = startServer(1000)) {
        assertThat(hello(nginx)).startsWith("{\"status\":200");
        server.check();
      }
      expectError(nginx, "ECONNREFUSED");
      nginx.check();
    }
  }

  @Test
  void serverOfAnotherCa_isRefused() {
    try (Nginx server = startServer(1000);
        Nginx nginx = start("other.pem")) {
      assertThat(hello(nginx)).startsWith("502: ").contains("certificate");
      expectError(nginx, "certificate");
      nginx.check();
      server.check();
    }
  }

  @Test
  void callThatIsGivenUp_leavesTheConnection() {
    try (Nginx server = startServer(1000);
        Nginx nginx = start("server.pem")) {
      String connection = body(hello(nginx));
      assertThat(call(nginx, "method=get&timeout=0.3", "{\"path\": \"/wait?s=30\"}"))
          .isEqualTo("502: timeout");
      assertThat(body(hello(nginx))).isEqualTo(connection);
      assertThat(body(call(nginx, "method=get", "{\"path\": \"/wait?s=0.1\"}")))
          .isEqualTo("waited");
      expectError(nginx, "The operation was aborted");
      nginx.check();
      server.check();
    }
  }

  @Test
  void badConfigurations_areQuoted() {
    try (Nginx nginx = start("server.pem")) {
      assertThat(nginx.lua("return select(3, ngx.load_ffi('js:demo/http2,init,{}'))"))
          .contains("expected {\"host\":", "got {}");
      assertThat(call(nginx, "method=get", "{}")).contains("expected {\"path\":", "got {}");
      expectError(nginx, "expected {");
      nginx.check();
    }
  }
}
