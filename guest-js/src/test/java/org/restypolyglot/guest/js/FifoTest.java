package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** A FIFO lets a file operation wait for ever: it delays nobody, and ends with the context. */
class FifoTest extends JsTestBase {
  private static final String WAITING = "resty-polyglot files, waiting";

  private Path fifo(String name) throws IOException, InterruptedException {
    Path fifo = js.folder.resolve(name);
    Process process = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return fifo;
  }

  private static long runningThreads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().equals(WAITING))
        .filter(entry -> Arrays.toString(entry.getValue()).contains("FileWaits"))
        .count();
  }

  private static void awaitWaiting(long count) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (runningThreads() != count) {
      assertThat(System.nanoTime()).as("%d threads wait", runningThreads()).isLessThan(limit);
      Thread.sleep(10);
    }
  }

  @Test
  void waitingOperations_delayNobody_andEndWithTheContext() throws Exception {
    fifo("fifo");
    long queue =
        js.handler(
            """
            const fs = require('fs');
            for (let i = 0; i < 10; i++) {
              fs.open(req + '/fifo', 'r', () => {});
            }
            return String((await fs.promises.readdir(req)).length);
            """);
    assertThat(js.text(queue, "run", js.folder.toString())).isEqualTo("2");
    awaitWaiting(10);
    assertThat(js.text(queue, "run", js.folder.toString())).isEqualTo("2");
    awaitWaiting(20);
    js.unload(queue);
    awaitWaiting(0);
  }

  @Test
  void readAndWrite_waitForTheOtherEnd() throws Exception {
    fifo("fifo");
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const path = 'FOLDER/fifo';
                const data = Buffer.alloc(300_000, 'abc');
                const [read] = await Promise.all([fs.promises.readFile(path), fs.promises.writeFile(path, data)]);
                const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
                const writer = await fs.promises.open(path, 'w');
                let code;
                try { fs.readSync(fd, Buffer.alloc(1)); } catch (e) { code = e.code; }
                return `${read.equals(data)} ${code}`;
                """
                    .replace("FOLDER", js.folder.toString())))
        .isEqualTo("true EAGAIN");
  }

  @Test
  void unload_endsAReadThatWaits() throws Exception {
    fifo("fifo");
    long queue =
        js.handler(
            """
            const fs = require('fs');
            const fd = fs.openSync(req + '/fifo', 'r+');
            fs.read(fd, Buffer.alloc(1), () => {});
            return 'reading';
            """);
    assertThat(js.text(queue, "run", js.folder.toString())).isEqualTo("reading");
    awaitWaiting(1);
    js.unload(queue);
    awaitWaiting(0);
  }

  @Test
  void guestThreadThatWaits_comesOutAfterTheCallsTimeOut_andServesTheNextOne() throws Exception {
    fifo("fifo");
    long queue =
        js.handler(
            """
            const fs = require('fs');
            const path = 'FOLDER/fifo';
            switch (req) {
              case 'open': return String(fs.openSync(path, 'r'));
              case 'read': return String(fs.readSync(fs.openSync(path, 'r+'), Buffer.alloc(1)));
              default: return 'works';
            }
            """
                .replace("FOLDER", js.folder.toString()));
    for (String what : List.of("open", "read")) {
      Duration timeout = Duration.ofMillis(200);
      CompletableFuture<Reply> call = js.host.call(queue, "run", what.getBytes(UTF_8), timeout);
      Thread.sleep(timeout);
      js.host.cancel(call, CancelReason.TIMEOUT);
      Reply reply = call.get();
      assertThat(reply.rc()).as(JsHarness.text(reply)).isNotZero();
      assertThat(js.text(queue, "run", "next")).isEqualTo("works");
    }
  }
}
