package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HttpTest extends JsTestBase {
  private static final String CLIENT =
      """
      const http = require('http');
      const send = (options, body) => new Promise((resolve, reject) => {
        const request = http.request({ host: '127.0.0.1', port, ...options }, (response) => {
          const parts = [];
          response.on('data', (part) => parts.push(part));
          response.on('end', () => resolve({ response, text: Buffer.concat(parts).toString() }));
          response.on('error', reject);
        });
        request.on('error', reject);
        request.end(body);
      });
      const failure = (options) => send(options).then(() => 'none', (e) => [e.code, e.message].join());
      """;

  private String run(int port, String body) throws Exception {
    return js.run("const port = " + port + ";\n" + CLIENT + body);
  }

  /** A server that answers each connection's first request so. */
  private static SessionServer answering(String answer) throws Exception {
    return SessionServer.start(
        c -> {
          c.readTo("\r\n\r\n");
          c.write(answer);
        });
  }

  private static HttpServer echo() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          byte[] reply =
              (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " ")
                  .concat(exchange.getRequestHeaders().getFirst("X-A") + " ")
                  .concat(new String(body, UTF_8))
                  .getBytes(UTF_8);
          boolean isHead = exchange.getRequestMethod().equals("HEAD");
          exchange.getResponseHeaders().add("Set-Cookie", "a=1");
          exchange.getResponseHeaders().add("Set-Cookie", "b=2");
          exchange.sendResponseHeaders(200, isHead ? -1 : 0); // chunked
          if (!isHead) {
            exchange.getResponseBody().write(reply);
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void requests_withBodiesAndHeaders() throws Exception {
    HttpServer server = echo();
    try {
      assertThat(
              run(
                  server.getAddress().getPort(),
                  """
                  const seen = [];
                  const { response, text } = await send({ path: '/x?y', method: 'POST', headers: { 'X-A': 'b' } }, 'é');
                  seen.push(text, response.statusCode, response.headers['transfer-encoding'], response.headers['set-cookie'].length);
                  const head = await send({ method: 'HEAD' });
                  seen.push(head.text, head.response.statusCode);
                  seen.push((await send({ path: '/big', method: 'PUT' }, 'z'.repeat(300000))).text.length);
                  return seen.join();
                  """))
          .isEqualTo("POST /x?y b é,200,chunked,2,,200,300014");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void agent_keepsConnections_andQueuesBeyondMaxSockets() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              int number = connections.incrementAndGet();
              while (!c.readTo("\r\n\r\n").isEmpty()) {
                c.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
              }
            })) {
      assertThat(
              run(
                  server.port(),
                  """
                  const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
                  const replies = await Promise.all(Array.from({ length: 6 }, () => send({ agent })));
                  await new Promise(setImmediate);
                  const free = Object.values(agent.freeSockets).flat().length;
                  agent.destroy();
                  return [new Set(replies.map(({ text }) => text)).size, free].join();
                  """))
          .isEqualTo("2,2");
      assertThat(connections.get()).isEqualTo(2);
    }
  }

  @Test
  void continue_informationAndTrailers() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.readTo("\r\n\r\n");
              c.write("HTTP/1.1 100 Continue\r\n\r\n");
              body.complete(c.readTo("0\r\n\r\n"));
              c.write("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
              c.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n");
              c.write("2\r\nok\r\n0\r\nX-T: late\r\n\r\n");
            })) {
      assertThat(
              run(
                  server.port(),
                  """
                  const seen = [];
                  return new Promise((resolve, reject) => {
                    const request = http.request({ host: '127.0.0.1', port, method: 'POST', headers: { Expect: '100-continue' } });
                    request.on('continue', () => { seen.push('continue'); request.end('body'); });
                    request.on('information', ({ statusCode }) => seen.push(statusCode));
                    request.on('error', reject);
                    request.on('response', (response) => {
                      response.setEncoding('utf8');
                      response.on('data', (text) => seen.push(text));
                      response.on('end', () => resolve([...seen, response.trailers['x-t'], response.complete].join()));
                    });
                    request.flushHeaders();
                  });
                  """))
          .isEqualTo("continue,100,103,ok,late,true");
      assertThat(body.get(10, TimeUnit.SECONDS)).isEqualTo("4\r\nbody\r\n0\r\n\r\n");
    }
  }

  @Test
  void upgradeAndConnect_handOverTheSocket() throws Exception {
    try (SessionServer server =
        SessionServer.start(
            c -> {
              boolean connects = c.readTo("\r\n\r\n").startsWith("CONNECT");
              c.write(
                  connects
                      ? "HTTP/1.1 200 OK\r\n\r\nhead"
                      : "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhead");
              c.in().transferTo(c.out());
            })) {
      assertThat(
              run(
                  server.port(),
                  """
                  const over = (event, options) => new Promise((resolve, reject) => {
                    const request = http.request({ host: '127.0.0.1', port, ...options });
                    request.on('error', reject);
                    request.on(event, (response, socket, head) => {
                      let text = String(head);
                      socket.on('data', (part) => { text += part; });
                      socket.on('end', () => resolve(text));
                      socket.end('echo');
                    });
                    request.end();
                  });
                  return [
                    await over('connect', { method: 'CONNECT', path: 'a:1' }),
                    await over('upgrade', { headers: { Connection: 'Upgrade', Upgrade: 'x' } }),
                  ].join();
                  """))
          .isEqualTo("headecho,headecho");
    }
  }

  @Test
  void badAnswers_areErrorsWithCodes() throws Exception {
    try (SessionServer server = answering("nonsense\r\n\r\n")) {
      assertThat(run(server.port(), "return failure({});"))
          .isEqualTo("HPE_INVALID_CONSTANT,Parse Error: Expected HTTP/, RTSP/ or ICE/");
    }
    try (SessionServer server =
        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
      assertThat(run(server.port(), "return failure({});"))
          .isEqualTo("HPE_INVALID_CHUNK_SIZE,Parse Error: Invalid character in chunk size");
    }
    try (SessionServer server =
        answering("HTTP/1.1 200 OK\r\nX: " + "a".repeat(20_000) + "\r\n\r\n")) {
      assertThat(run(server.port(), "return failure({});"))
          .isEqualTo("HPE_HEADER_OVERFLOW,Parse Error: Header overflow");
    }
    try (SessionServer server = answering("")) {
      assertThat(run(server.port(), "return failure({});")).isEqualTo("ECONNRESET,socket hang up");
    }
    try (SessionServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")) {
      assertThat(run(server.port(), "return failure({});")).isEqualTo("ECONNRESET,aborted");
    }
    try (SessionServer server =
        answering("HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 2\r\n\r\nok")) {
      assertThat(run(server.port(), "return (await send({ insecureHTTPParser: true })).text;"))
          .isEqualTo("ok");
    }
  }

  @Test
  void timeoutAndAbort() throws Exception {
    try (SessionServer server = SessionServer.start(c -> c.readTo("never"))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const timeout = await new Promise((resolve) => {
                    const request = http.get({ host: '127.0.0.1', port, timeout: 50 });
                    request.on('timeout', () => { request.destroy(new Error('too late')); });
                    request.on('error', (e) => resolve(e.message));
                  });
                  const aborted = await failure({ signal: AbortSignal.timeout(50) });
                  return [timeout, aborted].join();
                  """))
          .isEqualTo("too late,ABORT_ERR,The operation was aborted");
    }
  }

  @Test
  void unload_withKeptConnections_isQuick() throws Exception {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.readTo("\r\n\r\n");
              c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              end.complete(c.in().read());
            })) {
      long queue =
          js.handler(
              "const port = Number(req);\n"
                  + CLIENT
                  + "return (await send({ agent: http.globalAgent })).text;");
      assertThat(js.text(queue, "run", String.valueOf(server.port()))).isEqualTo("ok");
      long before = System.nanoTime();
      js.unload(queue);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
      assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }
}
