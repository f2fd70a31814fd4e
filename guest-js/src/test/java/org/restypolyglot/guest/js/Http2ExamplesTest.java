package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** The examples' handlers for HTTP/2, in both forms. */
class Http2ExamplesTest extends Http2TestBase {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final int CALLS = 50;

  @Test
  void demo_callsOverOneConnection_madeAnewWhenItWasClosed() throws Exception {
    js.write("demo/http2.js", Files.readString(EXAMPLES.resolve("demo/http2.js")));
    long queue = js.load("demo/http2,init,{\"host\":\"" + server.url() + "\"}");
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(js.start(queue, "post", "{\"path\":\"/echo\",\"body\":\"n" + i + "\"}"));
    }
    for (int i = 0; i < CALLS; i++) {
      assertThat(JsHarness.text(calls.get(i).join()))
          .isEqualTo("{\"status\":200,\"headers\":{},\"body\":\"n" + i + "\"}");
    }
    assertThat(server.connections).hasValue(1);
    assertThat(js.text(queue, "get", "{\"path\":\"/trailers\"}"))
        .isEqualTo(
            "{\"status\":200,\"headers\":{},\"trailers\":{\"x-end\":\"1, 2\"},\"body\":\"body\"}");
    assertThat(js.text(queue, "get", "{\"path\":\"/close\"}"))
        .isEqualTo("1: " + server.url() + " closed the connection before /close was complete");
    assertThat(js.text(queue, "get", "{\"path\":\"/hello\"}")).contains("hello GET");
    assertThat(server.connections).hasValue(2);
    assertThat(js.text(queue, "get", "{}")).isEqualTo("1: expected {\"path\": \"/…\"}, got {}");
    js.unload(queue);
    server.awaitSeen("closed");
  }

  @Test
  void luaRestyFfi_pollsForItsTasksItself() throws Exception {
    js.write("http2.js", Files.readString(EXAMPLES.resolve("lua-resty-ffi/nodejs/http2.js")));
    long queue = js.load("http2,init");
    String url = server.url();
    String hello = "{\"host\":\"" + url + "\",\"path\":\"/hello\"}";
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(js.start(queue, "any", hello));
    }
    for (CompletableFuture<Reply> call : calls) {
      assertThat(JsHarness.text(call.join()))
          .isEqualTo(
              "{\"headers\":{\":status\":200,\"content-type\":\"text/plain\"},\"body\":\"hello GET\"}");
    }
    assertThat(js.text(queue, "any", hello.replace("/hello", "/close")))
        .isEqualTo("1: " + url + " closed the connection before /close was complete");
    assertThat(js.text(queue, "any", "{\"host\":\"http://127.0.0.1:1\",\"path\":\"/\"}"))
        .contains("connect ECONNREFUSED 127.0.0.1:1");
    assertThat(js.text(queue, "any", "no JSON")).startsWith("1: ").contains("JSON");
    js.unload(queue);
  }
}
