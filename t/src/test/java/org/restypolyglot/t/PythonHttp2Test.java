package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.Http2Server;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** The example in Python for HTTP/2, which calls another server of its own nginx over TLS. */
class PythonHttp2Test {
  private static final int AT_ONCE = 200;
  private static final int TEN_MEGABYTES = 10_000_000;
  private static final int CLOSED_PORT = NginxConf.freePort();
  private static final String HELLO = "{\"path\": \"/hello\"}";

  @TempDir static Path folder = Path.of("unset");
  private static Http2Server target = new Http2Server(folder, 0);
  private static @Nullable Nginx nginx;

  @BeforeAll
  static void start() throws Exception {
    target = Http2Server.in(folder);
    nginx = new NginxConf().http(target.conf(100_000)).location("/call", call()).start();
    Path example = Dist.checkout().resolve("examples/demo/http2.py");
    nginx.write("demo/http2.py", Files.readString(example));
  }

  @AfterEach
  void check() {
    nginx().check();
  }

  @AfterAll
  static void stop() {
    if (nginx != null) { // null: it did not start
      nginx.close();
    }
  }

  private static Nginx nginx() {
    return Objects.requireNonNull(nginx);
  }

  /** Whose handlers call: one runtime for each certificate and port. */
  private static String call() {
    return """
        require "resty_ffi"
        ngx.req.read_body()
        local spec = 'py:demo.http2,init,{"host":"https://127.0.0.1:%%s","ca":"%2$s/%%s.pem"}'
        spec = spec:format(ngx.var.arg_port or "%1$d", ngx.var.arg_ca or "server")
        local rt, _, load_err = ngx.load_ffi(spec, nil, {timeout = 140, load_timeout = 140})
        if not rt then ngx.status = 500 return ngx.print(load_err) end
        local seconds = tonumber(ngx.var.arg_timeout) or 140
        local ok, res, err = rt[ngx.var.arg_method](rt, ngx.req.get_body_data(), {timeout = seconds})
        if not ok then ngx.status = 502 end
        ngx.print(ok and res or err or res)
        """
        .formatted(target.port(), folder);
  }

  private static CompletableFuture<HttpResponse<byte[]>> send(String query, String request) {
    return nginx()
        .sendAsync(
            nginx().request("/call?" + query).POST(BodyPublishers.ofString(request)).build());
  }

  /** What the handler answers, with the status of the call before it where that failed. */
  private static String call(String query, String request) {
    HttpResponse<byte[]> response = send(query, request).join();
    String text = new String(response.body(), UTF_8);
    return response.statusCode() == 200 ? text : response.statusCode() + ": " + text;
  }

  private static JsonObject reply(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static String connection() {
    return reply(call("method=get", HELLO)).get("body").getAsString();
  }

  @Test
  void callsAtOnce_shareOneConnection() {
    Set<String> connections = new HashSet<>();
    connections.add(connection());
    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        calls.add(send("method=get", HELLO));
      }
      for (CompletableFuture<HttpResponse<byte[]>> each : calls) {
        JsonObject reply = reply(new String(each.join().body(), UTF_8));
        assertThat(reply.get("status").getAsInt()).isEqualTo(200);
        connections.add(reply.get("body").getAsString());
      }
    }
    assertThat(connections).as("nginx's $connection").hasSize(1);
  }

  /** They would take a minute one after the other; and the first of them finds the connection. */
  @Test
  void slowCalls_overlap() {
    String connection = connection();
    List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      calls.add(send("method=get&timeout=40", "{\"path\": \"/wait?s=1\"}"));
    }
    for (CompletableFuture<HttpResponse<byte[]>> each : calls) {
      assertThat(new String(each.join().body(), UTF_8)).contains("\"body\": \"waited\"");
    }
    assertThat(connection()).isEqualTo(connection);
  }

  @Test
  void tenMegabytes_andHeaders_passBothWays() {
    String large = "0123456789".repeat(TEN_MEGABYTES / 10);
    JsonObject headers = new JsonObject();
    headers.addProperty("x-id", "an id");
    JsonObject request = new JsonObject();
    request.addProperty("path", "/echo");
    request.addProperty("body", large);
    request.add("headers", headers);
    JsonObject reply = reply(call("method=post", request.toString()));
    assertThat(reply.get("body").getAsString().equals(large)).isTrue();
    JsonObject received = reply.getAsJsonObject("headers");
    assertThat(received.get("x-length").getAsString()).isEqualTo(Integer.toString(TEN_MEGABYTES));
    assertThat(received.get("x-id").getAsString()).isEqualTo("an id");
  }

  @Test
  void callThatIsGivenUp_leavesTheConnection() {
    String connection = connection();
    assertThat(call("method=get&timeout=0.5", "{\"path\": \"/wait?s=30\"}"))
        .isEqualTo("502: timeout");
    assertThat(connection()).isEqualTo(connection);
  }

  @Test
  void failures_areTold() {
    String refused =
        "502: GET " + target.url() + "/hello: the server's certificate is refused: PKIX";
    for (int i = 0; i < 5; i++) { // Java's client fails in several ways then
      assertThat(call("method=get&ca=other", HELLO)).startsWith(refused);
    }
    assertThat(call("method=get&port=" + CLOSED_PORT, HELLO))
        .isEqualTo("502: GET https://127.0.0.1:" + CLOSED_PORT + "/hello: connection refused");
    assertThat(call("method=get&ca=absent", HELLO))
        .startsWith("500: ")
        .contains("absent.pem is not there");
    assertThat(call("method=get", "{}")).contains("expected {\"path\":", "got {}");
    assertThat(nginx().lua("return select(3, ngx.load_ffi('py:demo.http2,init,{}'))"))
        .contains("expected {\"host\":", "got {}");
    for (String text : List.of("/hello: ", "connection refused", "is not there", "expected {")) {
      nginx().log().expectError("py:demo.http2", text);
    }
  }
}
