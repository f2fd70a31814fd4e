package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** node:fs where this host differs from Node: whose descriptors, and what ends with the context. */
class FilesTest extends JsTestBase {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** What the process has open that {@code part} names. */
  private static List<String> open(String part) throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.map(FilesTest::target).filter(target -> target.contains(part)).toList();
    }
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static void awaitClosed(String part) throws Exception {
    long limit = System.nanoTime() + 30_000_000_000L;
    while (!open(part).isEmpty()) {
      assertThat(System.nanoTime()).as("still open: %s", open(part)).isLessThan(limit);
      Thread.sleep(20);
    }
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  private static void awaitNoThread(String name) throws Exception {
    long limit = System.nanoTime() + 30_000_000_000L;
    while (threads(name) > 0) {
      assertThat(System.nanoTime()).as("threads %s", name).isLessThan(limit);
      Thread.sleep(20);
    }
  }

  private String folder() {
    return js.folder.toString();
  }

  @Test
  void unload_closesWhatTheGuestLeftOpen() throws Exception {
    js.write("a", "a").write("b", "b").write("c/d", "d");
    long queue =
        js.handler(
            """
            const fs = require('fs');
            globalThis.kept = [
              fs.openSync(req + '/a'),
              await fs.promises.open(req + '/b'),
              fs.opendirSync(req + '/c'),
              fs.createReadStream(req + '/a', { highWaterMark: 1 }),
            ];
            await kept[1].read();
            await new Promise((resolve) => kept[3].once('readable', resolve));
            return 'open';
            """);
    assertThat(js.text(queue, "run", folder())).isEqualTo("open");
    assertThat(open(folder())).hasSize(4);
    js.unload(queue);
    awaitClosed(folder());
  }

  @Test
  void reload_closesWhatTheOldGenerationLeftOpen() throws Exception {
    js.write("a", "a");
    String module = "const fd = require('fs').openSync('" + folder() + "/a');";
    long queue = js.loadText(module + "exports.init = () => () => 'first';");
    assertThat(js.text(queue, "run", "x")).isEqualTo("first");
    assertThat(open(folder())).hasSize(1);
    js.write("main.js", "exports.init = () => () => 'second';");
    while (!js.text(queue, "run", "x").equals("second")) {
      Thread.sleep(20);
    }
    awaitClosed(folder());
  }

  @Test
  void descriptorsOfOthers_areNone() throws Exception {
    long other =
        js.write(
                "other.js", "exports.init = () => (p) => String(require('fs').openSync(p + '/a'));")
            .write("a", "secret")
            .load("other?,init");
    String fd = js.text(other, "run", folder());
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const results = [];
                const attempt = (code) => { try { results.push(code()); } catch (e) { results.push(e.code); } };
                const fd = FD;
                attempt(() => fs.readSync(fd, Buffer.alloc(6)));
                attempt(() => fs.writeSync(fd, 'x'));
                attempt(() => fs.fstatSync(fd).size);
                attempt(() => fs.closeSync(fd));
                await new Promise((resolve) => fs.close(fd, (e) => { results.push(e.code); resolve(); }));
                attempt(() => fs.readFileSync(fd));
                return results.join();
                """
                    .replace("FD", fd)))
        .isEqualTo("EBADF,EBADF,EBADF,EBADF,EBADF,EBADF");
    assertThat(open(folder() + "/a")).hasSize(1);
  }

  @Test
  void standardFiles_canBeWritten_andClosedForTheGuestAlone() throws Exception {
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const attempt = (code) => { try { return code(); } catch (e) { return e.code; } };
                return [
                  attempt(() => fs.writeSync(2, '')),
                  attempt(() => fs.fstatSync(1).isFile()) !== 'EBADF',
                  attempt(() => fs.ftruncateSync(2)),
                  attempt(() => fs.fchmodSync(1, 0)),
                  attempt(() => fs.closeSync(2)),
                  attempt(() => fs.writeSync(2, '')),
                  attempt(() => fs.closeSync(2)),
                ].join();
                """))
        .isEqualTo("0,true,EBADF,EBADF,,EBADF,EBADF");
    assertThat(Files.exists(DESCRIPTORS.resolve("2"))).isTrue();
  }

  @Test
  void closing_waitsForOperationsThatAreUnderWay() throws Exception {
    js.write("a", "x".repeat(100_000));
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const reads = [];
                const fd = fs.openSync('FOLDER/a');
                for (let i = 0; i < 50; i++) {
                  reads.push(new Promise((resolve) => fs.read(fd, Buffer.alloc(100_000), 0, 100_000, 0, (e, n) => resolve(e?.code ?? n))));
                }
                fs.closeSync(fd);
                const results = new Set(await Promise.all(reads));
                return [...results].join() + ' ' + fs.readdirSync('/proc/self/fd').includes(String(fd));
                """
                    .replace("FOLDER", folder())))
        .startsWith("100000 ");
    awaitClosed(folder());
  }

  @Test
  void hugeFile_isReadWrittenAndCutBeyond4GB() throws Exception {
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const file = 'FOLDER/huge';
                const fd = fs.openSync(file, 'w+');
                const place = 5 * 2 ** 30;
                fs.writeSync(fd, 'there', place);
                const buffer = Buffer.alloc(5);
                fs.readSync(fd, buffer, 0, 5, place);
                const big = Buffer.alloc(5);
                fs.readSync(fd, big, { position: BigInt(place) });
                const { size } = fs.fstatSync(fd);
                const tooLarge = await fs.promises.readFile(file).catch((e) => e.code);
                fs.ftruncateSync(fd, 3 * 2 ** 30);
                const cut = fs.statSync(file, { bigint: true }).size;
                fs.closeSync(fd);
                return [buffer, big, size - place, tooLarge, cut].join();
                """
                    .replace("FOLDER", folder())))
        .isEqualTo("there,there,5,ERR_FS_FILE_TOO_LARGE,3221225472");
  }

  @Test
  void watch_tellsNamesAndChanges_untilClosed() throws Exception {
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const seen = [];
                const watcher = fs.watch('FOLDER', (type, name) => seen.push(`${type} ${name}`));
                const until = async (text) => { while (!seen.includes(text)) await new Promise((r) => setTimeout(r, 5)); };
                fs.writeFileSync('FOLDER/new', 'x');
                await until('change new');
                const file = fs.watch('FOLDER/new', { encoding: 'hex' }, (type, name) => seen.push(`file ${type} ${name}`));
                fs.appendFileSync('FOLDER/new', 'y');
                await until('file change 6e6577');
                fs.renameSync('FOLDER/new', 'FOLDER/old');
                await until('rename old');
                await until('file rename 6e6577');
                file.close();
                watcher.close();
                await new Promise((resolve) => watcher.once('close', resolve));
                const count = seen.length;
                fs.unlinkSync('FOLDER/old');
                await new Promise((resolve) => setTimeout(resolve, 50));
                return seen.length === count ? seen[0] : seen.join();
                """
                    .replace("FOLDER", folder())))
        .isEqualTo("rename new");
    awaitNoThread("resty-polyglot fs.watch");
  }

  @Test
  void watchers_endWithTheContext() throws Exception {
    long before = open("anon_inode:inotify").size();
    long queue = // without "?": hot reload would watch, too
        js.write("a", "a")
            .write("sub/b", "b")
            .write(
                "watching.js",
                """
                exports.init = () => (req) => {
                  const fs = require('fs');
                  fs.watch(req);
                  fs.watch(req + '/a');
                  fs.watch(req, { recursive: true });
                  fs.watchFile(req + '/a', { interval: 5 }, () => {});
                  (async () => { for await (const event of fs.promises.watch(req)); })();
                  return 'watching';
                };
                """)
            .load("watching,init");
    assertThat(js.text(queue, "run", folder())).isEqualTo("watching");
    assertThat(threads("resty-polyglot fs.watch")).isEqualTo(1);
    assertThat(open("anon_inode:inotify")).hasSize((int) before + 1);
    js.unload(queue);
    awaitNoThread("resty-polyglot fs.watch");
    assertThat(open("anon_inode:inotify")).hasSize((int) before);
  }

  @Test
  void watchPromise_endsWithItsSignal_andWatchFileTellsBothStates() throws Exception {
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const controller = new AbortController();
                const events = [];
                const watching = (async () => {
                  for await (const { eventType, filename } of fs.promises.watch('FOLDER', { signal: controller.signal })) {
                    events.push(`${eventType} ${filename}`);
                    controller.abort();
                  }
                })().catch((e) => e.name);
                fs.writeFileSync('FOLDER/w', '1');
                const end = await watching;
                const polled = await new Promise((resolve) => {
                  fs.watchFile('FOLDER/later', { interval: 10 }, (now, before) => {
                    if (now.size === 3) resolve(`${before.size} ${now.size} ${before.ino === 0}`);
                    else fs.writeFileSync('FOLDER/later', 'abc');
                  });
                });
                fs.unwatchFile('FOLDER/later');
                return `${events[0]} ${end} ${polled}`;
                """
                    .replace("FOLDER", folder())))
        .isEqualTo("rename w AbortError 0 3 true");
  }

  @Test
  void esModule_importsNames() throws Exception {
    js.write(
            "main.mjs",
            "import fs, { readFileSync, existsSync } from 'node:fs';\n"
                + "import { readFile } from 'node:fs/promises';\n"
                + "import * as all from 'fs/promises';\n"
                + "export const init = () => async (p) => [await readFile(p + '/a', 'utf8'),"
                + " readFileSync(p + '/a', 'utf8'), existsSync(p), all.readFile === readFile,"
                + " fs.promises.readFile === readFile].join();\n")
        .write("a", "text");
    long queue = js.load("main.mjs,init");
    assertThat(js.text(queue, "run", folder())).isEqualTo("text,text,true,true,true");
  }

  @Test
  void callbacks_haveTheirAsyncLocalStorage_andThrowToTheProcess() throws Exception {
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const { AsyncLocalStorage } = require('async_hooks');
                const storage = new AsyncLocalStorage();
                const stored = await storage.run('mine', () => new Promise((resolve) => fs.stat('/', () => resolve(storage.getStore()))));
                const thrown = new Promise((resolve) => process.once('uncaughtException', (e) => resolve(e.message)));
                fs.stat('/', () => { throw new Error('out of a callback'); });
                return `${stored} ${await thrown}`;
                """))
        .isEqualTo("mine out of a callback");
  }

  @Test
  void buffers_thatWereGivenAway_getNothing() throws Exception {
    js.write("a", "x".repeat(1000));
    assertThat(
            js.run(
                """
                const fs = require('fs');
                const fd = fs.openSync('FOLDER/a');
                const bytes = new Uint8Array(1000);
                const read = new Promise((resolve) => fs.read(fd, bytes, 0, 1000, 0, (e, n) => resolve(e?.code ?? n)));
                const moved = structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
                const count = await read;
                return `${count} ${bytes.length} ${new Uint8Array(moved).every((byte) => byte === 0)}`;
                """
                    .replace("FOLDER", folder())))
        .isEqualTo("1000 0 true");
  }
}
