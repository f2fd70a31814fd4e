package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** Modules of lua-resty-ffi's form: {@code init(cfg, tq)}, {@code require('resty_ffi')}. */
class SelfPollingTest extends JsTestBase {
  private static final Path EXAMPLE = Path.of("../examples/lua-resty-ffi/nodejs/echo.js");

  /** A Worker that polls, and {@code onTask} of {@code (task, ffi)} in the main context. */
  private static String module(String onTask) {
    return """
    const { Worker, isMainThread, parentPort } = require('node:worker_threads');
    const ffi = require('resty_ffi');
    if (isMainThread) {
      exports.init = (cfg, tq) => {
        const worker = new Worker(__filename);
        worker.on('message', (task) => { %s });
        worker.postMessage(tq);
        return 0;
      };
    } else {
      parentPort.once('message', (tq) => {
        for (let task = ffi.poll_task(tq); task != 0; task = ffi.poll_task(tq)) parentPort.postMessage(task);
      });
    }
    """
        .formatted(onTask);
  }

  @Test
  void example_echoes_andEndsWithTheUnload() throws Exception {
    js.write("demo/echo.js", Files.readString(EXAMPLE));
    long queue = js.load("demo/echo,init");
    assertThat(js.text(queue, "any", "hello")).isEqualTo("hello");
    assertThat(js.text(queue, "any", null)).isEqualTo("(nil)");
    assertThat(js.text(queue, "any", "")).isEmpty();
    assertThat(js.text(queue, "any", "a\0b \u00e4 \ud83d\ude00"))
        .isEqualTo("a\0b \u00e4 \ud83d\ude00");
    String large = "x".repeat(10_000_000);
    assertThat(js.text(queue, "any", large)).isEqualTo(large);
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(js.start(queue, "any", "call " + i));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(JsHarness.text(calls.get(i).join())).isEqualTo("call " + i);
    }
    js.unload(queue);
    assertThat(js.log).contains("INFO [js:demo/echo] the poller ends");
    long again = js.load("demo/echo,init");
    assertThat(js.text(again, "any", "again")).isEqualTo("again");
    js.unload(again);
  }

  @Test
  void invalidUtf8_becomesReplacementCharacters() throws Exception {
    long queue = js.loadText(module("ffi.respond(task, 0, ffi.get_req(task))"));
    Reply reply = js.host.call(queue, "any", new byte[] {'a', (byte) 0xff}, null).get();
    assertThat(new String(reply.bytes(), UTF_8)).isEqualTo("a\ufffd");
    js.unload(queue);
  }

  @Test
  void answers_ofAllKinds() throws Exception {
    long queue =
        js.loadText(
            module(
                """
                const req = ffi.get_req(task);
                const answers = { buffer: Buffer.from([0, 255]), array: new Uint16Array([1]),
                  raw: new Uint8Array([65]).buffer, text: 'lone \\ud800!', none: undefined };
                if (req === 'fail') ffi.respond(task, 5, 'no');
                else if (req === 'object') try { ffi.respond(task, 0, {}) } catch (e) { ffi.respond(task, 2, e.message) }
                else ffi.respond(task, 0, answers[req]);
                """));
    assertThat(js.call(queue, "any", "buffer").bytes()).containsExactly(0, 255);
    assertThat(js.call(queue, "any", "array").bytes()).containsExactly(1, 0);
    assertThat(js.text(queue, "any", "raw")).isEqualTo("A");
    assertThat(js.text(queue, "any", "text")).isEqualTo("lone \ufffd!");
    assertThat(js.text(queue, "any", "none")).isEqualTo("(nil)");
    assertThat(js.text(queue, "any", "fail")).isEqualTo("5: no");
    assertThat(js.text(queue, "any", "object")).contains("\"data\" argument must be a string");
    js.unload(queue);
  }

  @Test
  void secondAnswer_orMadeUpTask_harmsNothing() throws Exception {
    long queue =
        js.loadText(
            module(
                """
                ffi.respond(task, 0, 'first'); ffi.respond(task, 0, 'second');
                ffi.respond(12345n, 0, 'made up'); console.log('req', ffi.get_req(99n), ffi.get_req(-1n));
                """));
    assertThat(js.text(queue, "any", "x")).isEqualTo("first");
    js.awaitLog("respond() refused: 0x3039 is no task that awaits a reply");
    js.awaitLog("req null null");
    assertThat(js.text(queue, "any", "x")).isEqualTo("first");
    js.unload(queue);
  }

  @Test
  void pollTask_inTheMainContext_isAClearError() throws Exception {
    js.write(
        "main.js",
        "exports.init = (cfg, tq) => { require('resty_ffi').poll_task(tq); return 0; };");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main,init"))
        .withMessageContaining("poll_task() blocks, so it is for Workers");
  }

  @Test
  void config_isTextForTheirForm_andNullForOurs() throws Exception {
    String body = "{ throw new Error(JSON.stringify([cfg, typeof arguments[1]])); }";
    js.write(
        "main.js",
        "exports.theirs = function (cfg, tq) %s; exports.ours = function (cfg) %s;"
            .formatted(body, body));
    assertLoadFails("main,theirs", "[\"\",\"bigint\"]");
    assertLoadFails("main,theirs,{\"a\": 1}", "[\"{\\\"a\\\": 1}\",\"bigint\"]");
    assertLoadFails("main,ours", "[null,\"bigint\"]");
  }

  private void assertLoadFails(String spec, String message) {
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load(spec))
        .withMessage(message);
  }

  @Test
  void rcOtherThanZero_failsTheLoad_alsoWhereAWorkerPolls() throws Exception {
    js.write(
        "main.js",
        """
        const { Worker } = require('worker_threads');
        exports.init = async (cfg, tq) => {
          const worker = new Worker(
            'require("resty_ffi").poll_task(require("worker_threads").workerData)',
            { eval: true, workerData: tq });
          await new Promise((resolve) => worker.once('online', resolve));
          return -3;
        };
        """);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main,init"))
        .satisfies(e -> assertThat(e.rc()).isEqualTo(-3));
  }

  @Test
  void workersMayAnswer_withoutTheMainContext() throws Exception {
    long queue =
        js.loadText(
            """
            const { Worker, isMainThread, workerData } = require('worker_threads');
            const ffi = require('resty_ffi');
            if (isMainThread) {
              exports.init = (cfg, tq) => {
                for (let i = 0; i < 3; i++) new Worker(__filename, { workerData: tq });
                return 0;
              };
            } else {
              for (let task = ffi.poll_task(workerData); task !== 0n; task = ffi.poll_task(workerData))
                ffi.respond(task, 0, ffi.get_req(task).toUpperCase());
            }
            """);
    for (int i = 0; i < 50; i++) {
      assertThat(js.text(queue, "any", "up " + i)).isEqualTo("UP " + i);
    }
    js.unload(queue);
  }

  @Test
  void workerThatDoesNotEnd_isEndedByTheUnload() throws Exception {
    long queue =
        js.loadText(
            """
            const { Worker } = require('worker_threads');
            exports.init = (cfg, tq) => { new Worker('for (;;);', { eval: true }); return 0; };
            """);
    js.unload(queue);
    assertThat(js.log).noneMatch(line -> line.contains("dispose takes longer"));
  }

  @Test
  void changes_waitForTheNextLoad() throws Exception {
    long queue = js.loadText(module("ffi.respond(task, 0, 'old')"));
    js.awaitLog("polls for its tasks itself");
    js.write("main.js", module("ffi.respond(task, 0, 'new')"));
    assertThat(js.text(queue, "any", "x")).isEqualTo("old");
    js.unload(queue);
    long fresh = js.load("main?,init");
    assertThat(js.text(fresh, "any", "x")).isEqualTo("new");
    js.unload(fresh);
  }
}
