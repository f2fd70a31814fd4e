package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NetTest extends JsTestBase {
  private static final String CONNECT =
      """
      const net = require('net');
      const failure = (socket) => new Promise((resolve) => socket.on('error', (e) =>
        resolve([e.code, e.syscall, e.errno, e.address, e.port].join())));
      """;

  private String run(int port, String body) throws Exception {
    return js.run(CONNECT + "const port = " + port + ";\n" + body);
  }

  @Test
  void echo_comesBackInAllEncodings_withTheEnd() throws Exception {
    try (SessionServer server = SessionServer.start(c -> c.in().transferTo(c.out()))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const events = [];
                  const socket = net.connect(port, '127.0.0.1');
                  for (const name of ['connect', 'ready', 'end', 'close']) socket.on(name, () => events.push(name));
                  socket.write('é', 'latin1');
                  socket.write('é', 'utf8');
                  socket.write('é', 'ucs2');
                  socket.write('6869', 'hex');
                  socket.end(Buffer.from([0, 255]));
                  const parts = [];
                  socket.on('data', (part) => parts.push(part));
                  await new Promise((resolve) => socket.on('close', resolve));
                  return [Buffer.concat(parts).toString('hex'), events, socket.bytesRead, socket.bytesWritten].join();
                  """))
          .isEqualTo("e9c3a9e900686900ff,connect,ready,end,close,9,9");
    }
  }

  @Test
  void addresses_areThoseOfBothSides() throws Exception {
    try (SessionServer server = SessionServer.start(c -> c.readTo("x"))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, keepAlive: true });
                  await new Promise((resolve) => socket.on('connect', resolve));
                  const { address, family } = socket.address();
                  const seen = [address, family, socket.remoteAddress, socket.remotePort === port, socket.remoteFamily];
                  socket.destroy();
                  return seen.join();
                  """))
          .isEqualTo("127.0.0.1,IPv4,127.0.0.1,true,IPv4");
    }
  }

  @Test
  void halfOpen_otherSideEndsFirst_weStillWrite() throws Exception {
    CompletableFuture<String> received = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.write("first");
              c.socket().shutdownOutput();
              received.complete(c.readTo("!"));
            })) {
      assertThat(
              run(
                  server.port(),
                  """
                  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
                  socket.resume();
                  await new Promise((resolve) => socket.on('end', resolve));
                  const state = socket.readyState;
                  socket.end('second!');
                  await new Promise((resolve) => socket.on('close', resolve));
                  return state;
                  """))
          .isEqualTo("writeOnly");
      assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("second!");
    }
  }

  @Test
  void refused_hasNodesProperties() throws Exception {
    int port;
    try (SessionServer server = SessionServer.start(c -> {})) {
      port = server.port();
    }
    assertThat(run(port, "return failure(net.connect(port, '127.0.0.1'));"))
        .isEqualTo("ECONNREFUSED,connect,-111,127.0.0.1," + port);
    assertThat(run(port, "return failure(net.connect('/nowhere/socket'));"))
        .isEqualTo("ENOENT,connect,-2,/nowhere/socket,");
    assertThat(
            run(
                port,
                "return failure(net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1' }));"))
        .isEqualTo("EADDRNOTAVAIL,bind,-99,192.0.2.1,");
  }

  @Test
  void reset_isAnErrorOfReading() throws Exception {
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.readTo("x");
              c.socket().setSoLinger(true, 0);
            })) {
      assertThat(
              run(
                  server.port(),
                  """
                  const socket = net.connect(port, '127.0.0.1');
                  socket.resume();
                  socket.write('x');
                  return failure(socket);
                  """))
          .isEqualTo("ECONNRESET,read,-104,,");
    }
  }

  @Test
  void backPressure_readerThatPauses_stopsTheWriter() throws Exception {
    int size = 64 * 1024 * 1024;
    CountDownLatch written = new CountDownLatch(1);
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.out().write(new byte[size]);
              written.countDown();
            })) {
      long queue =
          js.loadText(
              CONNECT
                  + """
                  let socket;
                  let count = 0;
                  exports.init = () => ({
                    pause: (port) => new Promise((resolve) => {
                      socket = net.connect(Number(port), '127.0.0.1');
                      socket.on('data', (part) => { count += part.length; socket.pause(); resolve(''); });
                    }),
                    rest: () => new Promise((resolve) => {
                      socket.removeAllListeners('data');
                      socket.on('data', (part) => { count += part.length; });
                      socket.on('end', () => resolve(String(count)));
                      socket.resume();
                    }),
                  });
                  """);
      js.text(queue, "pause", String.valueOf(server.port()));
      assertThat(written.await(500, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(js.text(queue, "rest", "")).isEqualTo(String.valueOf(size));
      js.unload(queue);
    }
  }

  @Test
  void manyBytes_areWrittenWhole_andDrainTells() throws Exception {
    CompletableFuture<Long> received = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> received.complete(c.in().transferTo(java.io.OutputStream.nullOutputStream())))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const socket = net.connect(port, '127.0.0.1');
                  await new Promise((resolve) => socket.on('connect', resolve));
                  let drains = 0;
                  for (let i = 0; i < 20; i++) {
                    if (!socket.write(Buffer.alloc(500000))) {
                      await new Promise((resolve) => socket.once('drain', resolve));
                      drains++;
                    }
                  }
                  socket.end();
                  await new Promise((resolve) => socket.on('finish', resolve));
                  return [drains, socket.bytesWritten].join();
                  """))
          .isEqualTo("20,10000000");
      assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(10_000_000);
    }
  }

  @Test
  void socketInTheFileSystem_echoes() throws Exception {
    var path = js.folder.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (SocketChannel connection = server.accept()) {
                  ByteBuffer buffer = ByteBuffer.allocate(100);
                  connection.read(buffer);
                  connection.write(buffer.flip());
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(
              js.run(
                  CONNECT
                      + "const socket = net.connect('"
                      + path
                      + "'); socket.write('to and fro'); socket.setEncoding('utf8');"
                      + " return new Promise((resolve) => socket.on('data', resolve));"))
          .isEqualTo("to and fro");
    }
  }

  @Test
  void unload_closesWhatIsOpen_atOnce() throws Exception {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              c.write("x");
              end.complete(c.in().read());
            })) {
      long queue =
          js.handler(
              "const socket = require('net').connect(Number(req), '127.0.0.1');"
                  + " return new Promise((resolve) => socket.on('data', resolve));");
      assertThat(js.text(queue, "run", String.valueOf(server.port()))).isEqualTo("x");
      long before = System.nanoTime();
      js.unload(queue);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
      assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  @Test
  void timeout_andAbort() throws Exception {
    try (SessionServer server = SessionServer.start(c -> c.readTo("x"))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const socket = net.connect(port, '127.0.0.1');
                  socket.setTimeout(50);
                  await new Promise((resolve) => socket.on('timeout', resolve));
                  socket.destroy();
                  const aborted = net.connect({ port, host: '127.0.0.1', signal: AbortSignal.timeout(50) });
                  return new Promise((resolve) => aborted.on('error', (e) => resolve(e.name)));
                  """))
          .isEqualTo("AbortError");
    }
  }

  @Test
  void frames_ofAsyncLocalStorage_reachTheEvents() throws Exception {
    try (SessionServer server = SessionServer.start(c -> c.in().transferTo(c.out()))) {
      assertThat(
              run(
                  server.port(),
                  """
                  const { AsyncLocalStorage } = require('async_hooks');
                  const storage = new AsyncLocalStorage();
                  const one = (name) => storage.run(name, () => new Promise((resolve) => {
                    const seen = [];
                    const socket = net.connect(port, '127.0.0.1', () => { seen.push(storage.getStore()); socket.end('x'); });
                    socket.on('data', () => seen.push(storage.getStore()));
                    socket.on('close', () => resolve([...seen, storage.getStore()].join()));
                  }));
                  return (await Promise.all([one('a'), one('b')])).join(';');
                  """))
          .isEqualTo("a,a,a;b,b,b");
    }
  }

  @Test
  void names_areTheSystems() throws Exception {
    assertThat(
            js.run(
                """
                const dns = require('dns');
                const { promises } = dns;
                const { address, family } = await promises.lookup('localhost', { family: 4 });
                const missing = await promises.lookup('nothing.invalid').catch((e) => [e.code, e.syscall, e.hostname]);
                let query;
                try { dns.resolveMx('a', () => {}); } catch (e) { query = e.code + e.message.includes('dns.resolveMx'); }
                return [address, family, missing, query].join();
                """))
        .matches(
            "127.0.0.1,4,(ENOTFOUND|EAI_AGAIN),getaddrinfo,nothing.invalid,ERR_NOT_SUPPORTEDtrue");
  }

  @Test
  void servers_areRefusedByName_classesStay() throws Exception {
    assertThat(
            js.run(
                """
                const refused = (code) => { try { code(); return 'no'; } catch (e) { return e.code + e.message.includes('nginx'); } };
                const modules = ['net', 'http', 'https', 'tls'].map((name) => require(name));
                return [
                  ...modules.map((each) => refused(() => each.createServer())),
                  ...modules.map((each) => refused(() => each.Server.prototype.listen.call({}, 0))),
                  modules.every((each) => typeof each.Server === 'function'),
                ].join();
                """))
        .isEqualTo("ERR_NOT_SUPPORTEDtrue,".repeat(8) + "true");
  }
}
