package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.CancelReason;

/** {@code fetch} over HTTP/1.1: bodies, redirects, failures, and what ends an exchange. */
class FetchTest extends JsTestBase {
  private static final String SHOW =
      """
      const show = (e) => [e.name, e.message, e.cause?.code ?? e.cause?.message ?? ''].join(' | ');
      """;

  private TestServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = new TestServer(null);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private String url(String path) {
    return "'" + server.url(path) + "'";
  }

  @Test
  void get_givesStatusHeadersAndBody() throws Exception {
    assertThat(
            js.run(
                "const r = await fetch("
                    + url("/echo")
                    + ");"
                    + "return JSON.stringify([r.status, r.statusText, r.ok, r.redirected,"
                    + " r.headers.get('x-method'), r.headers.getSetCookie(), await r.text()]);"))
        .isEqualTo("[200,\"OK\",true,false,\"GET\",[\"a=1\",\"b=2\"],\"\"]");
  }

  @Test
  void post_textHasItsTypeAndLength() throws Exception {
    assertThat(
            js.run(
                "const r = await fetch("
                    + url("/echo")
                    + ", { method: 'POST', body: 'grüße' });"
                    + "return [r.headers.get('x-type'), r.headers.get('x-length'),"
                    + " await r.text()].join(' ');"))
        .isEqualTo("text/plain;charset=UTF-8 7 grüße");
  }

  @Test
  void post_streamIsSentPieceByPiece() throws Exception {
    assertThat(
            js.run(
                """
                const pieces = async function* () {
                  for (let i = 0; i < 50; i++) {
                    await new Promise((resolve) => setImmediate(resolve));
                    yield Buffer.alloc(100_000, i);
                  }
                };
                const body = ReadableStream.from(pieces());
                const r = await fetch(%s, { method: 'POST', duplex: 'half', body });
                const got = Buffer.from(await r.arrayBuffer());
                return [got.length, got[0], got.at(-1), r.headers.get('x-length')].join(' ');
                """
                    .formatted(url("/echo"))))
        .isEqualTo("5000000 0 49 null");
  }

  @Test
  void post_formWithFile() throws Exception {
    assertThat(
            js.run(
                """
                const form = new FormData();
                form.append('a', '1');
                form.append('file', new File(['content'], 'name.txt', { type: 'text/x' }));
                const r = await fetch(%s, { method: 'POST', body: form });
                const type = r.headers.get('x-type');
                const back = await new Response(await r.text(), {
                  headers: { 'content-type': type },
                }).formData();
                const file = back.get('file');
                return [back.get('a'), file.name, file.type, await file.text()].join(' ');
                """
                    .formatted(url("/echo"))))
        .isEqualTo("1 name.txt text/x content");
  }

  @Test
  void post_bodyThatFails_failsTheFetch() throws Exception {
    assertThat(
            js.run(
                SHOW
                    + """
                    const body = new ReadableStream({ pull() { throw new Error('no more'); } });
                    try {
                      await fetch(%s, { method: 'POST', duplex: 'half', body });
                    } catch (error) {
                      return show(error);
                    }
                    """
                        .formatted(url("/echo"))))
        .isEqualTo("TypeError | fetch failed | no more");
  }

  @Test
  void redirects_areFollowed_sayWhereTo_andEnd() throws Exception {
    assertThat(
            js.run(
                SHOW
                    + """
                    const got = await fetch(%s, { method: 'POST', body: 'x' });
                    const kept = await fetch(%s, { method: 'POST', body: 'x' });
                    const manual = await fetch(%s, { redirect: 'manual' });
                    const endless = await fetch(%s).catch(show);
                    return [
                      got.headers.get('x-method'), got.redirected, new URL(got.url).pathname,
                      kept.headers.get('x-method'), await kept.text(),
                      manual.status, manual.headers.get('location'), endless,
                    ].join(' ');
                    """
                        .formatted(
                            url("/to-echo"),
                            url("/to-echo-307"),
                            url("/to-echo"),
                            url("/to-itself"))))
        .isEqualTo(
            "GET true /echo POST x 302 /echo TypeError | fetch failed | redirect count exceeded");
  }

  @Test
  void compressedBody_isUnpacked() throws Exception {
    assertThat(js.run("return (await (await fetch(" + url("/gzip") + ")).text()).slice(0, 12);"))
        .isEqualTo("unzipped unz");
  }

  @Test
  void largeBody_doesNotStayInTheHeap() throws Exception {
    assertThat(
            js.run(
                """
                const r = await fetch(%s);
                let count = 0;
                let largest = 0;
                for await (const piece of r.body) {
                  count += piece.length;
                  largest = Math.max(largest, piece.length);
                }
                return [count, largest < 2 * 1024 * 1024].join(' ');
                """
                    .formatted(url("/bytes?100000000"))))
        .isEqualTo("100000000 true");
  }

  @Test
  void bodyThatNobodyReads_waits_andCancelEndsTheConnection() throws Exception {
    assertThat(
            js.run(
                """
                const r = await fetch(%s);
                const reader = r.body.getReader();
                const first = await reader.read();
                await reader.cancel();
                return String(first.value.length > 0);
                """
                    .formatted(url("/endless"))))
        .isEqualTo("true");
    assertThat(server.clientGone.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void abort_beforeTheResponse() throws Exception {
    assertThat(
            js.run(
                SHOW
                    + """
                    const controller = new AbortController();
                    setTimeout(() => controller.abort(), 20);
                    const late = await fetch(%s, { signal: controller.signal }).catch(show);
                    const early = await fetch(%s, { signal: AbortSignal.abort() }).catch(show);
                    const slow = await fetch(%s, { signal: AbortSignal.timeout(20) }).catch(show);
                    return [late, early, slow].join('; ');
                    """
                        .formatted(url("/silent"), url("/echo"), url("/silent"))))
        .isEqualTo(
            "AbortError | This operation was aborted | ;"
                + " AbortError | This operation was aborted | ;"
                + " TimeoutError | The operation was aborted due to timeout | ");
  }

  @Test
  void abort_whileTheBodyArrives() throws Exception {
    assertThat(
            js.run(
                SHOW
                    + """
                    const controller = new AbortController();
                    const r = await fetch(%s, { signal: controller.signal });
                    try {
                      for await (const piece of r.body) {
                        controller.abort();
                      }
                    } catch (error) {
                      return show(error);
                    }
                    """
                        .formatted(url("/endless"))))
        .isEqualTo("AbortError | This operation was aborted | ");
    assertThat(server.clientGone.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void taskSignal_endsTheFetch() throws Exception {
    long queue =
        js.loadText(
            SHOW
                + "exports.init = () => async (req, task) => {"
                + "  await fetch("
                + url("/silent")
                + ", { signal: task.signal }).catch((e) => console.log('ended: ' + show(e)));"
                + "};");
    var call = js.start(queue, "get", "x");
    assertThat(server.asked.await(60, TimeUnit.SECONDS)).isTrue();
    js.host.cancel(call, CancelReason.CLIENT_GONE);
    js.awaitLog("ended: AbortError | the call was cancelled: ");
  }

  @Test
  void unload_endsWhatGoesOn() throws Exception {
    long queue =
        js.loadText(
            "exports.init = () => async () => {"
                + "  globalThis.kept = await fetch("
                + url("/endless")
                + ");"
                + "  return 'begun';"
                + "};");
    assertThat(js.text(queue, "run", "x")).isEqualTo("begun");
    js.unload(queue);
    assertThat(server.clientGone.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void failures_haveNodesCodes() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    assertThat(
            js.run(
                SHOW
                    + """
                    const failure = (url) => fetch(url).then((r) => r.text()).catch(show);
                    return [
                      await failure('http://127.0.0.1:%d/'),
                      await failure('http://no.such.host.invalid/'),
                      await failure(%s),
                      await failure('http://127.0.0.1:6000/'),
                      await failure('ftp://127.0.0.1/'),
                    ].join('\\n');
                    """
                        .formatted(closedPort, url("/cut"))))
        .isEqualTo(
            """
            TypeError | fetch failed | ECONNREFUSED
            TypeError | fetch failed | ENOTFOUND
            TypeError | terminated | UND_ERR_SOCKET
            TypeError | fetch failed | bad port
            TypeError | fetch failed | unknown scheme""");
  }

  @Test
  void otherSchemes() throws Exception {
    assertThat(
            js.run(
                """
                const url = URL.createObjectURL(new Blob(['of a blob']));
                const data = await (await fetch('data:text/plain;base64,aGVsbG8=')).text();
                return [data, await (await fetch(url)).text()].join(' ');
                """))
        .isEqualTo("hello of a blob");
  }

  @Test
  void headerBeyondAscii_isRefusedByName() throws Exception {
    assertThat(
            js.run(
                "return fetch("
                    + url("/echo")
                    + ", { headers: { 'x-name': 'é' } }).catch((e) => e.cause.message);"))
        .isEqualTo("characters beyond ASCII in the header x-name");
  }

  @Test
  void manyAtOnce_andLocalStorageFollows() throws Exception {
    assertThat(
            js.run(
                """
                const { AsyncLocalStorage } = require('async_hooks');
                const storage = new AsyncLocalStorage();
                const one = (i) => storage.run(i, async () => {
                  const r = await fetch(%s, { method: 'POST', body: String(i) });
                  return Number(await r.text()) === i && storage.getStore() === i;
                });
                const all = await Promise.all(Array.from({ length: 50 }, (_, i) => one(i)));
                return String(all.every(Boolean));
                """
                    .formatted(url("/echo"))))
        .isEqualTo("true");
  }

  @Test
  void globalDispatcher_isThereForPackages() throws Exception {
    assertThat(
            js.run(
                """
                const agent = globalThis[Symbol.for('undici.globalDispatcher.1')];
                const seen = [];
                await new Promise((resolve, reject) => {
                  agent.dispatch({ origin: %s, path: '/echo', method: 'POST', body: 'abc' }, {
                    onConnect() {},
                    onHeaders(status) { seen.push(status); return true; },
                    onData(chunk) { seen.push(chunk.toString()); return true; },
                    onComplete: resolve,
                    onError: reject,
                  });
                });
                return seen.join(' ');
                """
                    .formatted(url(""))))
        .isEqualTo("200 abc");
  }
}
