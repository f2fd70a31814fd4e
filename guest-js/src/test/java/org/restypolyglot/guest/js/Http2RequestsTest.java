package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import org.junit.jupiter.api.Test;

/** {@code node:http2}: requests, and what servers answer. */
class Http2RequestsTest extends Http2TestBase {
  @Test
  void request_isAnswered() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const first = await get(session, '/hello');
                const head = await get(session, '/hello', { ':method': 'HEAD' });
                const post_ = await post(session, '/echo', 'the body');
                const none = await get(session, '/nothing');
                session.close();
                await session.ended;
                return [first, head, post_, none, ...session.told].join('\\n');
                """))
        .isEqualTo(
            """
            200 response,end,close 0: hello GET
            200 response,end,close 0: hello HEAD
            200 response,end,close 0: the body
            404 response,end,close 0:\s
            close""");
  }

  @Test
  void requests_runAtOnceOverOneConnection() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const all = await Promise.all(
                  Array.from({ length: 50 }, (_, i) => post(session, '/echo', `n${i}`)));
                session.destroy();
                return all.map((text) => text.split(': ')[1]).join();
                """))
        .startsWith("n0,n1,n2,n3,")
        .endsWith(",n48,n49");
    assertThat(server.connections).hasValue(1);
  }

  /** Both ways at once, in pieces of all kinds; each write's callback comes. */
  @Test
  void bigBodies_passBothWays() throws Exception {
    assertThat(
            client(
                """
                const crypto = (data) => data.reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
                const session = connect(url);
                const request = session.request({ ':method': 'POST', ':path': '/echo' });
                const piece = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) & 255));
                let callbacks = 0;
                for (let i = 0; i < 30; i++) {
                  request.write(piece.subarray(i), () => callbacks++);
                }
                request.write('äöü', 'utf8', () => callbacks++);
                request.write('äöü', 'latin1', () => callbacks++);
                request.write('616263', 'hex', () => callbacks++);
                request.write('', () => callbacks++);
                request.end('end', 'ucs2');
                const chunks = [];
                for await (const chunk of request) {
                  chunks.push(chunk);
                }
                const sent = Buffer.concat([
                  ...Array.from({ length: 30 }, (_, i) => piece.subarray(i)),
                  Buffer.from('äöü'), Buffer.from('äöü', 'latin1'), Buffer.from('abc'),
                  Buffer.from('end', 'ucs2')]);
                session.destroy();
                return [Buffer.concat(chunks).equals(sent), sent.length, callbacks].join();
                """))
        .isEqualTo("true,2999583,34");
  }

  @Test
  void headers_passAsTheyAre() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const sent = session.request({ ':path': '/headers',
                  'X-Upper': 'V', 'x-list': ['1', '2'], cookie: ['a=1', 'b=2'], 'x-latin': '\\xe4',
                });
                const seen = await require('stream/consumers').text(sent);
                const request = send(session, { ':path': '/cookies' });
                await request.result;
                session.destroy();
                return [seen, request.answered['set-cookie'].join('|'),
                  request.sentHeaders[':path'], request.id].join('\\n');
                """))
        .contains("x-upper: V", "x-list: 1, x-list: 2", "cookie: a=1, cookie: b=2", "x-latin: ä")
        .endsWith("a=1|b=2\n/cookies\n3");
  }

  @Test
  void trailersAndInformation_areEvents() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const trailers = await get(session, '/trailers');
                const info = await get(session, '/info');
                const request = send(session, { ':method': 'POST', ':path': '/upload' }, undefined,
                  { waitForTrailers: true });
                request.on('wantTrailers', () => request.sendTrailers({ 'x-end': 'mine' }));
                request.end('data');
                const sent = await request.result;
                const without = send(session, { ':method': 'POST', ':path': '/upload' }, 'abc',
                  { waitForTrailers: true });
                const empty = await without.result;
                session.destroy();
                return [trailers, info, sent, empty].join('\\n');
                """))
        .isEqualTo(
            """
            200 response,trailers 1, 2,end,close 0: body
            200 headers 103,response,end,close 0: after
            200 response,end,close 0: trailers mine
            200 response,end,close 0: received 3""");
  }

  @Test
  void resets_areErrorsWithTheirNames() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const all = [];
                for (const code of [0, 2, 7, 8, 11, 99]) {
                  all.push(await get(session, `/reset?${code}`));
                }
                all.push(await get(session, '/half'), await get(session, '/hello'));
                session.destroy();
                return all.join('\\n');
                """))
        .isEqualTo(
            """
            - end,close 0:\s
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_INTERNAL_ERROR,close 2:\s
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_REFUSED_STREAM,close 7:\s
            - end,close 8:\s
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM,close 11:\s
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code 99,close 99:\s
            200 response,error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_INTERNAL_ERROR,close 2: half
            200 response,end,close 0: hello GET""");
  }

  @Test
  void close_resetsTheStream() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url);
                const request = send(session, { ':path': '/never' });
                await sleep(50);
                request.close(http2.constants.NGHTTP2_CANCEL);
                const controller = new AbortController();
                const other = send(session, { ':path': '/never' }, undefined,
                  { signal: controller.signal });
                setTimeout(() => controller.abort(), 20);
                const third = send(session, { ':method': 'POST', ':path': '/stall' });
                third.write('x');
                setTimeout(() => third.destroy(new Error('mine')), 20);
                return [await request.result, await other.result, await third.result].join('\\n');
                """))
        .isEqualTo(
            """
            - end,close 8:\s
            - error ABORT_ERR The operation was aborted,close 8:\s
            - aborted,error undefined mine,close 2:\s""");
    server.awaitSeen("reset 8");
    server.awaitSeen("reset 2");
  }

  @Test
  void push_isAStreamOfTheSession() throws Exception {
    String pushed =
        """
        const session = connect(url, { settings: { enablePush: %s } });
        const told = [];
        session.on('stream', (stream, headers) => {
          told.push(`stream ${stream.id} ${headers[':path']}`);
          stream.on('push', (all) => told.push(`push ${all[':status']} ${all['x-pushed']}`));
          stream.on('data', (data) => told.push(`data ${data}`));
          stream.on('end', () => told.push('end'));
        });
        await new Promise((resolve) => session.on('localSettings', resolve));
        told.push(await get(session, '/push'));
        await sleep(100);
        session.destroy();
        return told.sort().join('\\n');
        """;
    assertThat(client(pushed.formatted("true")))
        .isEqualTo(
            """
            200 response,end,close 0: main
            data pushed
            end
            push 200 1
            stream 2 /pushed""");
    assertThat(client(pushed.formatted("false").replace("'/push'", "'/hello'")))
        .isEqualTo("200 response,end,close 0: hello GET");
    server.awaitSeen("push false");
  }

  /** Streams beyond the server's number wait for their turn; one that is given up is not sent. */
  @Test
  void moreStreamsThanAllowed_wait() throws Exception {
    start(new Http2Settings().maxConcurrentStreams(2));
    assertThat(
            client(
                """
                const session = await connected(url);
                const running = [1, 2].map(() => send(session, { ':path': '/never' }));
                const waiting = [1, 2, 3].map((i) =>
                  send(session, { ':method': 'POST', ':path': '/echo' }, `w${i}`));
                await sleep(50);
                waiting[1].close(http2.constants.NGHTTP2_CANCEL);
                running.forEach((request) => request.close(http2.constants.NGHTTP2_CANCEL));
                const all = await Promise.all(waiting.map(({ result }) => result));
                all.unshift(session.remoteSettings.maxConcurrentStreams);
                session.destroy();
                return all.join('\\n');
                """))
        .isEqualTo(
            """
            2
            200 response,end,close 0: w1
            - end,close 8:\s
            200 response,end,close 0: w3""");
  }

  @Test
  void tooManyHeaders_resetTheStream() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const refused = await get(session, '/many-headers');
                const more = connect(url, { maxHeaderListPairs: 1000 });
                const fine = await get(more, '/many-headers');
                const small = connect(url, { settings: { maxHeaderListSize: 100 } });
                await new Promise((resolve) => small.on('localSettings', resolve));
                const large = await get(small, '/many-headers');
                [session, more, small].forEach((each) => each.destroy());
                return [refused, fine, large].join('\\n');
                """))
        .isEqualTo(
            """
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM,close 11:\s
            200 response,end,close 0:\s
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM,close 11:\s""");
  }

  @Test
  void badRequests_areErrorsOfNodes() throws Exception {
    assertThat(
            client(
                """
                const session = await connected(url);
                const all = [
                  () => session.request({ connection: 'close' }),
                  () => session.request({ ':other': 'x' }),
                  () => session.request({ 'a b': 'x' }),
                  () => session.request({}, { endStream: 1 }),
                  () => session.request(1),
                  () => session.ping(Buffer.alloc(3), () => {}),
                  () => session.setNextStreamID(-1),
                  () => session.settings({ maxFrameSize: 1 }),
                  () => session.socket.write('x'),
                  () => http2.connect('ftp://localhost'),
                  () => http2.createServer(),
                  () => http2.createSecureServer({}),
                ].map(thrown);
                const big = send(session, { 'x-big': 'x'.repeat(70_000) });
                big.on('frameError', (...args) => all.push(`frameError ${args}`));
                all.push(await big.result);
                await session.ended;
                all.push(thrown(() => session.request()));
                return all.map((text) => text.replace(/: .*Received.*/, '')).join('\\n');
                """))
        .isEqualTo(
            """
            ERR_HTTP2_INVALID_CONNECTION_HEADERS HTTP/1 Connection specific headers are forbidden: "connection"
            ERR_HTTP2_INVALID_PSEUDOHEADER ":other" is an invalid pseudoheader or is used incorrectly
            ERR_INVALID_HTTP_TOKEN Header name must be a valid HTTP token ["a b"]
            ERR_INVALID_ARG_TYPE The "options.endStream" property must be of type boolean. Received type number (1)
            ERR_INVALID_ARG_TYPE The "headers" argument must be an instance of Array or Object. Received type number (1)
            ERR_HTTP2_PING_LENGTH HTTP2 ping payload must be 8 bytes
            ERR_OUT_OF_RANGE The value of "id" is out of range. It must be > 0 and <= 4294967295. Received -1
            ERR_HTTP2_INVALID_SETTING_VALUE Invalid value for setting "maxFrameSize": 1
            ERR_HTTP2_NO_SOCKET_MANIPULATION HTTP/2 sockets should not be directly manipulated (e.g. read and written)
            ERR_HTTP2_UNSUPPORTED_PROTOCOL protocol "ftp:" is unsupported.
            ERR_NOT_SUPPORTED ERR_NOT_SUPPORTED: node:http2's createServer is not supported here: nginx is the server
            ERR_NOT_SUPPORTED ERR_NOT_SUPPORTED: node:http2's createSecureServer is not supported here: nginx is the server
            frameError 1,6,1
            - error ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_REFUSED_STREAM,close 7:\s
            ERR_HTTP2_INVALID_SESSION The session has been destroyed""");
  }
}
