package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code node:http2}: who is slow stops the other one, and nobody else. */
class Http2FlowTest extends Http2TestBase {
  private static final int WINDOW = 65_535;
  private static final long FLOOD = 3_000_000;

  @Test
  void slowReader_stopsTheServer_butNotOtherStreams() throws Exception {
    long queue =
        js.handler(
            tools(server.url())
                + """
                if (task.method === 'start') {
                  globalThis.session = connect(url);
                  globalThis.request = session.request({ ':path': '/flood?%d' });
                  await new Promise((resolve) => request.on('response', resolve));
                  return get(session, '/hello');
                }
                if (task.method === 'other') {
                  return get(session, '/flood?200000');
                }
                let length = 0;
                for await (const chunk of request) {
                  length += chunk.length;
                }
                session.destroy();
                return String(length);
                """
                    .formatted(FLOOD));
    assertThat(js.text(queue, "start", "x")).isEqualTo("200 response,end,close 0: hello GET");
    // Nobody reads: no more comes than one window, and others have the connection's.
    assertThat(js.text(queue, "other", "x")).isEqualTo("200 response,end,close 0: 200000");
    assertThat(server.flooded).hasValueLessThan(200_000 + 2 * WINDOW);
    assertThat(js.text(queue, "rest", "x")).isEqualTo(Long.toString(FLOOD));
    js.unload(queue);
  }

  @Test
  void pausedStream_goesOnWhenItIsResumed() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const request = session.request({ ':path': '/flood?1000000' });
                let length = 0;
                let pauses = 0;
                request.on('data', (chunk) => {
                  length += chunk.length;
                  if (pauses < 5) {
                    pauses++;
                    request.pause();
                    setTimeout(() => request.resume(), 10);
                  }
                });
                await new Promise((resolve) => request.on('end', resolve));
                session.destroy();
                return `${length} ${pauses}`;
                """))
        .isEqualTo("1000000 5");
  }

  @Test
  void slowServer_makesWritesWait() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const request = session.request({ ':method': 'POST', ':path': '/stall' });
                request.on('error', () => {});
                let done = 0;
                for (let i = 0; i < 20; i++) {
                  request.write(Buffer.alloc(10_000), () => done++);
                }
                await sleep(200);
                const seen = `${done} ${request.writableNeedDrain}`;
                session.destroy();
                return seen;
                """))
        .isEqualTo("0 true");
    assertThat(server.stalled).hasValue(WINDOW);
  }

  /** The window of the whole connection is used up by one stream: others wait, and go on then. */
  @Test
  void fullConnection_goesOnWhenTheServerReads() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url);
                const stalled = session.request({ ':method': 'POST', ':path': '/stall' });
                stalled.on('error', () => {});
                const callbacks = [];
                for (let i = 0; i < 3; i++) {
                  stalled.write(Buffer.alloc(20_000), () => callbacks.push(i));
                }
                await sleep(50);
                const small = await post(session, '/upload', Buffer.alloc(5_000));
                session.destroy();
                return `${callbacks} ${small}`;
                """))
        .isEqualTo("0,1,2 200 response,end,close 0: received 5000");
    assertThat(server.stalled).hasValue(60_000);
  }

  @Test
  void largerWindows_areUsed() throws Exception {
    assertThat(
            client(
                """
                const session = connect(url, { settings: { initialWindowSize: 1 << 20 } });
                await new Promise((resolve) => session.on('localSettings', resolve));
                session.setLocalWindowSize(1 << 20);
                const request = session.request({ ':path': '/flood?900000' });
                await new Promise((resolve) => request.on('response', resolve));
                for (let i = 0; i < 100 && request.readableLength < 900_000; i++) {
                  await sleep(20);
                }
                const { effectiveLocalWindowSize } = session.state;
                const waiting = request.readableLength;
                session.destroy();
                return `${effectiveLocalWindowSize} ${waiting}`;
                """))
        .isEqualTo("1048576 900000");
  }
}
