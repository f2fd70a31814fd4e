package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers of node:worker_threads. */
class WorkerThreadsTest extends JsTestBase {
  private static final String PRELUDE =
      """
      const { Worker, SHARE_ENV, threadId } = require('worker_threads');
      const told = (worker) => new Promise((resolve) => {
        const events = [];
        for (const event of ['online', 'message', 'error', 'exit'])
          worker.on(event, (value) => {
            events.push(event + (value === undefined ? '' : ' ' + (value?.message ?? JSON.stringify(value))));
            if (event === 'exit') resolve(events.join('; '));
          });
      });
      const text = (code, options) => told(new Worker(code, { eval: true, ...options }));
      """;

  private String run(String body) throws Exception {
    return js.run(PRELUDE + body);
  }

  @Test
  void worker_tellsOfItsLife() throws Exception {
    assertThat(
            run(
                """
                return text(`const { parentPort, workerData } = require('worker_threads');
                  parentPort.postMessage(workerData)`, { workerData: [1, 'two'] });
                """))
        .isEqualTo("online; message [1,\"two\"]; exit 0");
  }

  @Test
  void exitCode_isWhatTheWorkerSays() throws Exception {
    assertThat(run("return text('process.exit(7)')")).isEqualTo("online; exit 7");
    assertThat(run("return text('process.exitCode = 8')")).isEqualTo("online; exit 8");
    assertThat(run("return text('process.on(\"exit\", () => process.exit(9))')"))
        .isEqualTo("online; exit 9");
    assertThat(run("return text('throw new RangeError(\"bad\")')"))
        .isEqualTo("online; error bad; exit 1");
    assertThat(run("return text('Promise.reject(new Error(\"lost\"))')"))
        .isEqualTo("online; error lost; exit 1");
    assertThat(run("return text('import \"node:fs2\"; await 1')"))
        .startsWith("online; error ")
        .endsWith("exit 1");
    assertThat(run("return text('await new Promise(() => {}); export {}')"))
        .isEqualTo("online; exit 13");
  }

  @Test
  void exit_inTheMainContext_isRefused() throws Exception {
    assertThat(run("process.exit(1)")).contains("process.exit() is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;);",
        "(async () => { for (;;) await 1; })()",
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        "require('resty_ffi').poll_task(require('worker_threads').workerData)",
        "setInterval(() => {}, 1)",
        "require('worker_threads').parentPort.on('message', () => {})",
        "for (;;) try { null.f() } catch {}",
      })
  void terminate_endsWhateverItDoes(String code) throws Exception {
    js.write("busy.js", code);
    long queue =
        js.loadText(
            PRELUDE
                + """
                exports.init = (cfg, tq) => {
                  void endWorker(tq);
                  return 0; // so that the queue can be polled
                };
                async function endWorker(tq) {
                  const worker = new Worker(__dirname + '/busy.js', { workerData: tq });
                  await new Promise((resolve) => worker.once('online', resolve));
                  await new Promise((resolve) => setTimeout(resolve, 100));
                  console.log('ended ' + await worker.terminate());
                }
                """);
    js.awaitLog("ended 1");
    js.unload(queue);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;);",
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        "require('resty_ffi').poll_task(require('worker_threads').workerData)",
        "const { Worker } = require('worker_threads'); new Worker('for (;;);', { eval: true });",
      })
  void unload_endsAllWorkers(String code) throws Exception {
    js.write("busy.js", code);
    long queue =
        js.loadText(
            """
            const { Worker } = require('worker_threads');
            exports.init = async (cfg, tq) => {
              const worker = new Worker(__dirname + '/busy.js', { workerData: tq });
              await new Promise((resolve) => worker.once('online', resolve));
              await new Promise((resolve) => setTimeout(resolve, 200));
              return 0;
            };
            """);
    assertThat(workerThreads()).isNotEmpty();
    js.unload(queue);
    awaitNoThreads();
  }

  @Test
  void failedLoad_endsAllWorkers() throws Exception {
    js.write(
        "main.js",
        """
        const { Worker } = require('worker_threads');
        exports.init = async () => {
          const worker = new Worker('for (;;);', { eval: true });
          await new Promise((resolve) => worker.once('online', resolve));
          throw new Error('not today');
        };
        """);
    try {
      js.load("main,init");
    } catch (org.restypolyglot.core.guest.GuestException expected) {
      assertThat(expected.text()).isEqualTo("not today");
    }
    awaitNoThreads();
  }

  private static List<String> workerThreads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().startsWith("resty-js-worker"))
        .map(entry -> entry.getKey() + " " + List.of(entry.getValue()))
        .toList();
  }

  private static void awaitNoThreads() throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!workerThreads().isEmpty()) {
      assertThat(System.nanoTime()).as("left: %s", workerThreads()).isLessThan(limit);
      Thread.sleep(10);
    }
  }

  @Test
  void uncaughtError_withoutListener_goesToTheLog() throws Exception {
    long queue =
        js.handler(
            """
            const { Worker } = require('worker_threads');
            if (req === 'start') new Worker('throw new TypeError("nobody listens")', { eval: true });
            return 'alive';
            """);
    assertThat(js.text(queue, "any", "start")).isEqualTo("alive");
    js.awaitLog("nobody listens");
    assertThat(js.text(queue, "any", "again")).isEqualTo("alive");
    js.unload(queue);
  }

  @Test
  void environment_isACopy_orShared() throws Exception {
    String code = "process.env.FROM_WORKER = `${process.env.FROM_PARENT}!`";
    assertThat(
            run(
                "process.env.FROM_PARENT = 'p'; await text('"
                    + code
                    + "'); return String(process.env.FROM_WORKER)"))
        .isEqualTo("undefined");
    assertThat(
            run(
                "process.env.FROM_PARENT = 'p'; await text('"
                    + code
                    + "', { env: SHARE_ENV }); return String(process.env.FROM_WORKER)"))
        .isEqualTo("p!");
    assertThat(
            run(
                """
                return text('require("worker_threads").parentPort.postMessage({ ...process.env })',
                  { env: { ONLY: 1 } });
                """))
        .isEqualTo("online; message {\"ONLY\":\"1\"}; exit 0");
  }

  @Test
  void sharedMemory_isTheSame() throws Exception {
    assertThat(
            run(
                """
                const shared = new Int32Array(new SharedArrayBuffer(8));
                const done = text(`const { workerData: shared } = require('worker_threads');
                  Atomics.store(shared, 1, 42); Atomics.store(shared, 0, 1); Atomics.notify(shared, 0);
                  Atomics.wait(shared, 0, 1)`, { workerData: shared });
                const { value } = Atomics.waitAsync(shared, 0, 0);
                await value;
                const seen = Atomics.load(shared, 1);
                Atomics.store(shared, 0, 2);
                Atomics.notify(shared, 0);
                return seen + ' ' + await done;
                """))
        .isEqualTo("42 online; exit 0");
  }

  @Test
  void modules_ofAllKinds() throws Exception {
    js.write("lib.js", "exports.name = 'lib';");
    js.write(
        "w.mjs",
        "import { parentPort, threadId } from 'worker_threads'; import { name } from './lib.js';"
            + " await 1; parentPort.postMessage(name + (threadId > 0));");
    js.write("w", "require('worker_threads').parentPort.postMessage(require('./lib').name);");
    String start = "return told(new Worker(";
    assertThat(run(start + "__dirname + '/w.mjs'));")).contains("message \"libtrue\"; exit 0");
    assertThat(run(start + "new URL('file://' + __dirname + '/w.mjs')));"))
        .contains("message \"libtrue\"");
    assertThat(run(start + "__dirname + '/w'));")).contains("message \"lib\"");
    assertThat(
            run(
                start
                    + "new URL('data:text/javascript,import{parentPort as p}from\"worker_threads\";"
                    + "p.postMessage(1)')));"))
        .contains("message 1");
    assertThat(run(start + "__dirname + '/none.js'));")).contains("error Cannot find module");
  }

  @Test
  void streams_goBothWays() throws Exception {
    assertThat(
            run(
                """
                const worker = new Worker(`process.stdin.on('data', (data) => console.log('got ' + data));
                  console.error('to stderr')`, { eval: true, stdin: true, stdout: true, stderr: true });
                worker.stdin.end('input');
                const { text: all } = require('stream/consumers');
                const [out, err] = await Promise.all([all(worker.stdout), all(worker.stderr)]);
                return JSON.stringify([out, err]);
                """))
        .isEqualTo("[\"got input\\n\",\"to stderr\\n\"]");
  }

  @Test
  void console_andStreams_areLinesOfTheLog() throws Exception {
    assertThat(run("return text('console.error(\"e\"); process.stdout.write(\"out\\\\n\")')"))
        .isEqualTo("online; exit 0");
    assertThat(js.log).contains("ERROR [js:main] e");
    js.awaitLog("INFO [js:main] out");
  }

  /** As in libuv: an unref'd socket that only reads keeps nothing alive, its requests do. */
  @Test
  void writes_onAnUnrefdSocket_areDoneBeforeTheEnd() throws Exception {
    int size = 20_000_000;
    CompletableFuture<Long> received = new CompletableFuture<>();
    try (SessionServer server =
        SessionServer.start(
            c -> {
              try {
                received.complete(c.in().transferTo(OutputStream.nullOutputStream()));
              } catch (IOException reset) {
                received.completeExceptionally(reset);
              }
            })) {
      String code =
          "require('net').connect(%d, '127.0.0.1').unref().resume().write(Buffer.alloc(%d))"
              .formatted(server.port(), size);
      assertThat(run("return text(\"" + code + "\")")).isEqualTo("online; exit 0");
      assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(size);
    }
  }

  /** The plainest such message: a class that this version of Node's library does not have. */
  @Test
  void workerData_thatCannotBeRead_isTheWorkersError() throws Exception {
    assertThat(
            run(
                """
                const list = new (require('net').BlockList)();
                const clone = Object.getOwnPropertySymbols(Object.getPrototypeOf(list))
                  .find(({ description }) => description === 'messaging_clone_symbol');
                list[clone] = () => ({ data: {}, deserializeInfo: 'internal/blocklist:Missing' });
                return text('console.log("never")', { workerData: list });
                """))
        .isEqualTo("error Unknown deserialize spec internal/blocklist:Missing; exit 1");
    assertThat(js.log).noneMatch(line -> line.contains("never"));
  }

  @Test
  void nestedWorkers_andMessagesToThreads() throws Exception {
    assertThat(
            run(
                """
                const { postMessageToThread } = require('worker_threads');
                const heard = new Promise((resolve) =>
                  process.once('workerMessage', (value, source) => resolve(value + ' from ' + source)));
                const done = text(`const { Worker } = require('worker_threads');
                  new Worker('require("worker_threads").postMessageToThread(0, "hi")', { eval: true })`);
                return await heard + '; ' + await done;
                """))
        .isEqualTo("hi from 2; online; exit 0");
  }

  @Test
  void unsupported_isRefusedByName() throws Exception {
    assertThat(run("new Worker('', { eval: true, execArgv: ['--expose-gc'] })"))
        .contains("invalid execArgv flags: --expose-gc");
    assertThat(run("await new Worker('', { eval: true }).getHeapStatistics()"))
        .contains("ERR_NOT_SUPPORTED: worker.getHeapStatistics()");
    assertThat(run("return text('process.chdir(\"/\")')"))
        .contains("process.chdir() is not supported");
  }

  @Test
  void manyWorkers_leaveNothing() throws Exception {
    assertThat(
            run(
                """
                const ends = await Promise.all(Array.from({ length: 12 }, (_, i) =>
                  text('process.exit(' + i + ')')));
                return ends.map((end) => end.slice(-2).trim()).join();
                """))
        .isEqualTo("0,1,2,3,4,5,6,7,8,9,10,11");
    awaitNoThreads();
  }
}
