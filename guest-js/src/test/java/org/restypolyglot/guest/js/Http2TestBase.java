package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a server, and a module of tools for its handler: resources/http2/tools.js. */
abstract class Http2TestBase extends JsTestBase {
  Http2TestServer server;

  @BeforeEach
  final void startServer() throws IOException {
    start(new Http2Settings());
    try (InputStream tools = Http2TestBase.class.getResourceAsStream("/http2/tools.js")) {
      js.write("tools.js", new String(Objects.requireNonNull(tools).readAllBytes(), UTF_8));
    }
  }

  @AfterEach
  final void stopServer() {
    server.close();
  }

  /** Another server in place of the one that there is. */
  final void start(Http2Settings settings) {
    if (server != null) {
      server.close();
    }
    server = new Http2TestServer(settings);
  }

  /** What a handler with this body answers; it has the tools, and {@code url} of the server. */
  final String client(String body) throws Exception {
    return js.run(tools(server.url()) + body);
  }

  static String tools(String url) {
    return """
    const http2 = require('http2');
    const { connect, connected, get, post, send, sleep, thrown } = require('./tools.js');
    const url = '%s';
    """
        .formatted(url);
  }
}
