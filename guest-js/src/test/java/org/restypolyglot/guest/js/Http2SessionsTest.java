package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.restypolyglot.guest.js.RawServer.SETTINGS;
import static org.restypolyglot.guest.js.RawServer.frame;
import static org.restypolyglot.guest.js.RawServer.hex;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@code node:http2}: sessions, from their beginning to their end, and what may go wrong. */
class Http2SessionsTest extends Http2TestBase {
  @Test
  void settingsAndPing_areAcknowledged() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url, { settings: { initialWindowSize: 70_000 } });
                await new Promise((resolve) => session.on('localSettings', resolve));
                const first = session.localSettings.initialWindowSize;
                const [error, now, took] = await new Promise((resolve) =>
                  session.settings({ enablePush: false, customSettings: { 1244: 456 } },
                    (...args) => resolve(args)));
                const [failed, millis, payload] = await new Promise((resolve) =>
                  session.ping(Buffer.from('12345678'), (...args) => resolve(args)));
                const random = await new Promise((resolve) =>
                  session.ping((e, duration, bytes) => resolve(bytes.length)));
                const seen = [first, error, now.enablePush, now.customSettings[1244], took > 0,
                  failed, millis > 0, payload, random, session.type, session.encrypted,
                  session.alpnProtocol, session.connecting, session.socket.remotePort > 0,
                  session.remoteSettings.maxHeaderListSize > 0, session.state.nextStreamID];
                session.destroy();
                return seen.join();
                """))
        .isEqualTo("70000,,false,456,true,,true,12345678,8,1,false,h2c,false,true,true,1");
  }

  @Test
  void outstandingPingsAndSettings_areLimited() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url, { maxOutstandingPings: 2 });
                const told = [];
                const sent = [1, 2, 3].map((i) =>
                  session.ping((error) => told.push(`${i} ${error?.code ?? 'fine'}`)));
                session.destroy();
                await session.ended;
                await sleep(20);
                const other = connect(url, { maxOutstandingSettings: 1 });
                other.settings({ enablePush: false });
                other.settings({ enablePush: true });
                await other.ended;
                return [sent, ...told, ...other.told].join('\\n');
                """))
        .isEqualTo(
            """
            true,true,false
            3 ERR_HTTP2_PING_CANCEL
            1 ERR_HTTP2_PING_CANCEL
            2 ERR_HTTP2_PING_CANCEL
            error ERR_HTTP2_MAX_PENDING_SETTINGS_ACK Maximum number of pending settings acknowledgements
            close""");
  }

  @Test
  void close_waitsForTheStreams() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url);
                const request = send(session, { ':path': '/flood?500000' });
                session.close();
                const refused = thrown(() => session.request());
                const result = await request.result;
                await session.ended;
                return [refused, result, session.closed, session.destroyed, ...session.told].join();
                """))
        .startsWith(
            "ERR_HTTP2_GOAWAY_SESSION New streams cannot be created after receiving a GOAWAY,")
        .contains("200 response,end,close 0: 500000,true,true")
        .endsWith("close");
    server.awaitSeen("goaway 0 ");
    server.awaitSeen("closed");
  }

  @Test
  void destroy_endsAllStreams() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url);
                const one = send(session, { ':path': '/never' });
                await sleep(30);
                session.destroy(new Error('mine'), http2.constants.NGHTTP2_CANCEL);
                const waiting = connect(url);
                const two = send(waiting, { ':path': '/hello' });
                waiting.destroy();
                const results = await Promise.all([one.result, two.result]);
                await session.ended;
                return [...results, ...session.told, thrown(() => session.ping(() => {}))]
                  .join('\\n');
                """))
        .isEqualTo(
            """
            - error undefined mine,close 8:\s
            - error ERR_HTTP2_STREAM_CANCEL The pending stream has been canceled,close 2:\s
            error undefined mine
            close
            ERR_HTTP2_INVALID_SESSION The session has been destroyed""");
    server.awaitSeen("goaway 8 ");
  }

  @Test
  void goaway_endsTheSession() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const last = await get(session, '/goaway?0');
                const failing = connect(url);
                const failed = await get(failing, '/goaway?11');
                await Promise.all([session.ended, failing.ended]);
                return [last, ...session.told, failed, ...failing.told].join('\\n');
                """))
        .isEqualTo(
            """
            200 response,end,close 0: last
            goaway 0 1 why
            close
            200 response,end,close 0: last
            goaway 11 1 why
            error ERR_HTTP2_SESSION_ERROR Session closed with error code 11
            close""");
  }

  @Test
  void lostConnection_endsAllStreams() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const open = send(session, { ':path': '/never' });
                const closing = await get(session, '/close');
                const result = await open.result;
                await session.ended;
                const refused = connect('http://127.0.0.1:1');
                const never = await get(refused, '/');
                await refused.ended;
                return [closing, result, ...session.told, never, ...refused.told].join('\\n');
                """))
        .isEqualTo(
            """
            - end,close 8:\s
            - end,close 8:\s
            goaway 0 3 undefined
            close
            - error ERR_HTTP2_STREAM_CANCEL The pending stream has been canceled (caused by: connect ECONNREFUSED 127.0.0.1:1),close 2:\s
            error ECONNREFUSED connect ECONNREFUSED 127.0.0.1:1
            close""");
  }

  @Test
  void timeouts_areEvents() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url);
                const request = send(session, { ':path': '/never' });
                request.setTimeout(50, () => request.close(http2.constants.NGHTTP2_CANCEL));
                const result = await request.result;
                await new Promise((resolve) => session.setTimeout(50, resolve));
                session.destroy();
                return result;
                """))
        .isEqualTo("- timeout,end,close 8: ");
  }

  @Test
  void asyncLocalStorage_followsTheRequest() throws Exception {
    assertThat(
            client(
                """
                const { AsyncLocalStorage } = require('async_hooks');
                const storage = new AsyncLocalStorage();
                const session = await connected(url);
                const seen = await Promise.all(['a', 'b'].map((name) => storage.run(name, () =>
                  new Promise((resolve) => {
                    const request = session.request({ ':path': '/hello' });
                    const told = [];
                    request.on('response', () => told.push(storage.getStore()));
                    request.on('end', () => told.push(storage.getStore()));
                    request.on('close', () => resolve(told.join('')));
                    request.resume();
                  }))));
                session.destroy();
                return seen.join();
                """))
        .isEqualTo("aa,bb");
  }

  @Test
  void statistics_areEntriesOfPerfHooks() throws Exception {
    assertThat(
            client(
                """
                const { PerformanceObserver } = require('perf_hooks');
                const entries = [];
                const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
                observer.observe({ entryTypes: ['http2'] });
                const session = await connected(url);
                await post(session, '/echo', 'four');
                session.close();
                await session.ended;
                await sleep(50);
                observer.disconnect();
                const stream = entries.find(({ name }) => name === 'Http2Stream');
                const whole = entries.find(({ name }) => name === 'Http2Session');
                return [stream.name, stream.detail.bytesRead, stream.detail.bytesWritten,
                  stream.detail.id, whole.name, whole.detail.streamCount, whole.detail.type,
                  whole.detail.framesSent >= 5, whole.detail.framesReceived >= 4].join();
                """))
        .isEqualTo("Http2Stream,4,4,1,Http2Session,1,client,true,true");
  }

  @Test
  void unload_closesSessions() throws Exception {
    long queue =
        js.handler(
            tools(server.url())
                + """
                const session = connect(url);
                send(session, { ':path': '/never' });
                return get(session, '/hello');
                """);
    assertThat(js.text(queue, "x", "x")).startsWith("200");
    assertThat(server.openConnections()).isOne();
    long start = System.nanoTime();
    js.unload(queue);
    server.awaitSeen("closed");
    assertThat(server.openConnections()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
  }

  // ---- what the other side does wrong -----------------------------------------------------------

  /** What a session tells about a server that sends these bytes. */
  private String told(String options, String... pieces) throws Exception {
    try (RawServer raw = new RawServer(pieces)) {
      return js.run(
          tools(raw.url())
              + """
              const session = connect(url, %s);
              const result = get(session, '/');
              await Promise.race([session.ended, sleep(1_000)]);
              session.destroy();
              return [(await result).replace(/: $/, ''), ...session.told].join('\\n');
              """
                  .formatted(options));
    }
  }

  @Test
  void whatIsNoHttp2_isAProtocolError() throws Exception {
    assertThat(told("{}", hex("HTTP/1.1 400 Bad Request\r\n\r\n")))
        .isEqualTo(
            """
            - error ERR_HTTP2_ERROR Protocol error,close 2
            error ERR_HTTP2_ERROR Protocol error
            close""");
  }

  /** HEADERS of a 200 in HPACK: one byte. */
  private static final String OK = "88";

  @Test
  void framesInPieces_arePutTogether() throws Exception {
    String all =
        SETTINGS + frame(1, 4, 1, OK) + frame(0, 0, 1, hex("abc")) + frame(0, 1, 1, hex("def"));
    String[] bytes = all.split("(?<=\\G..)");
    assertThat(told("{}", bytes)).startsWith("200 response,end,close 0: abcdef");
  }

  @Test
  void brokenFrames_endTheSession() throws Exception {
    assertThat(told("{}", SETTINGS + frame(0, 1, 0, hex("data of no stream"))))
        .contains("error ERR_HTTP2_ERROR Protocol error");
    assertThat(told("{}", SETTINGS + frame(6, 1, 0, "0000000000000000")))
        .contains("error ERR_HTTP2_ERROR Protocol error"); // a PING that was not sent
    assertThat(
            told(
                "{ maxSettings: 2 }",
                frame(4, 0, 0, "000300000064" + "000400010000" + "000500004000")))
        .contains(
            "error ERR_HTTP2_ERROR SETTINGS frame contained more than the maximum allowed entries");
    String empty = frame(0, 0, 1, "");
    String[] flood = new String[30];
    Arrays.fill(flood, empty);
    assertThat(
            told(
                "{ maxSessionInvalidFrames: 10 }",
                SETTINGS + frame(1, 4, 1, OK) + String.join("", flood)))
        .contains("error ERR_HTTP2_TOO_MANY_INVALID_FRAMES Too many invalid HTTP/2 frames");
  }

  @Test
  void headersThatAreNone_resetTheStream() throws Exception {
    // "connection: close", without compression
    String connection = "000a" + hex("connection") + "05" + hex("close");
    assertThat(told("{}", SETTINGS + frame(1, 5, 1, OK + connection)))
        .startsWith(
            "- error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_PROTOCOL_ERROR");
  }

  @Test
  void pingsAndAltsvc_areEvents() throws Exception {
    String altsvc = "0013" + hex("https://example.org") + hex("h2=\":8000\"");
    assertThat(told("{}", SETTINGS + frame(6, 0, 0, "0102030405060708") + frame(0xa, 0, 0, altsvc)))
        .contains("ping 0102030405060708")
        .contains("altsvc h2=\":8000\" https://example.org 0");
  }

  @Test
  void headersThatAreNotToBeKept_areKnown() throws Exception {
    // 0x10: never indexed; 0x00: not indexed; 0x40: indexed from now on
    String secret = "10" + "06" + hex("secret") + "01" + hex("s");
    String plain = "00" + "05" + hex("plain") + "01" + hex("p");
    String kept = "40" + "04" + hex("kept") + "01" + hex("k");
    try (RawServer raw = new RawServer(SETTINGS + frame(1, 5, 1, OK + plain + secret + kept))) {
      assertThat(
              js.run(
                  tools(raw.url())
                      + """
                      const session = connect(url);
                      const request = send(session, {});
                      await request.result;
                      session.destroy();
                      const { answered } = request;
                      return [answered.plain, answered.secret, answered.kept,
                        ...answered[http2.sensitiveHeaders]].join();
                      """))
          .isEqualTo("p,s,k,secret");
    }
  }
}
