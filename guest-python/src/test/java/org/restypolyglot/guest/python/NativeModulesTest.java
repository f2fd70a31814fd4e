package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.oracle.graal.python.builtins.objects.cext.copying.NativeLibraryLocator;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/**
 * The standard library's compiled modules: in several runtimes, and again after each kind of end.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class NativeModulesTest {
  private static final String USES =
      """
      import bz2, hashlib, re, sqlite3, termios, time, unicodedata
      import xml.etree.ElementTree as ET

      db = sqlite3.connect(":memory:")
      db.create_function("twice", 1, lambda value: 2 * value)
      db.execute("create table t (n integer)")
      def use(req, task):
          if req:
              def pause():
                  try:
                      time.sleep(0.01)
                  except BaseException:
                      if req == b"slow":
                          raise
              db.create_function("pause", 0, pause)
              print("inside")
              return str(db.execute(
                  "with recursive n(i) as (values(0) union all select i + 1 from n)"
                  " select pause() from n").fetchall())
          db.execute("insert into t values (21)")
          return " ".join((
              str(db.execute("select twice(n) from t limit 1").fetchone()[0]),
              ET.fromstring("<a><b>text</b></a>").find("b").text,
              bz2.decompress(bz2.compress(b"bz2")).decode(),
              hashlib.sha3_256(b"").hexdigest()[:4],
              unicodedata.name("ü")[:5],
              re.match(r"(?i:(a)|b)*+c", "aBc").group(),
              termios.__name__, GENERATION))
      def init(cfg): return use
      """;

  private static final String REPLY = "42 text bz2 a7ff LATIN aBc termios ";

  @TempDir private Path folder;
  private PythonHost python;

  @BeforeEach
  void start() throws Exception {
    python = new PythonHost(folder);
    write("one");
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private void write(String generation) throws Exception {
    python.write("m.py", USES.replace("GENERATION", "'" + generation + "'"));
  }

  private static void assertNoFilesLeft() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith(NativeModules.FOLDER));
    }
  }

  /** The load of such a module waits for every thread that is inside Java, as the selector's is. */
  @Test
  void loadWhileDescriptorsAreWaitedFor() throws Exception {
    python.write(
        "w.py",
        """
        import asyncio, socket
        pair = socket.socketpair()
        class Handlers:
            def wait(self, req, task):
                asyncio.get_event_loop().add_reader(pair[0], print)
                return "waits"
            def use(self, req, task):
                import sqlite3
                return str(sqlite3.connect(":memory:").execute("select 6 * 7").fetchone()[0])
        def init(cfg): return Handlers()
        """);
    long queue = python.load("w,init");
    assertThat(python.call(queue, "wait")).isEqualTo("waits");
    assertThat(python.call(queue, "use")).isEqualTo("42");
    python.unload(queue);
  }

  @Test
  void severalAtOnce_afterUnload_afterReload() throws Exception {
    JsonObject parallel = new JsonObject();
    parallel.addProperty("contexts", 2);
    long first = python.load("m,init", parallel);
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(python.start(first, "m", ""));
    }
    for (CompletableFuture<Reply> call : calls) {
      assertThat(PythonHost.text(call.get(PythonHost.SECONDS, TimeUnit.SECONDS)))
          .isEqualTo(REPLY + "one");
    }
    long second = python.load("m?,init");
    assertThat(python.call(second, "m")).isEqualTo(REPLY + "one");
    python.unload(first);
    assertThat(python.call(second, "m")).isEqualTo(REPLY + "one");
    write("two");
    awaitReply(second, REPLY + "two");
    write("three");
    awaitReply(second, REPLY + "three");
    python.unload(second);
    long again = python.load("m?,init");
    assertThat(python.call(again, "m")).isEqualTo(REPLY + "three");
    python.unload(again);
    assertNoFilesLeft();
  }

  private void awaitReply(long queue, String wanted) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PythonHost.SECONDS);
    while (!python.call(queue, "m").equals(wanted)) {
      assertThat(System.nanoTime()).as("waiting for %s", wanted).isLessThan(limit);
      Thread.sleep(20);
    }
  }

  /** GraalPy counts contexts that have such modules up to 64; here it never gets there. */
  @Test
  void graalPysNumberOfContexts_isOfNoImportance() throws Exception {
    Field left = NativeLibraryLocator.class.getDeclaredField("CEXT_COPY_INDICES");
    left.setAccessible(true);
    ((AtomicInteger) left.get(null)).set(0);
    long queue = python.load("m,init");
    assertThat(python.call(queue, "m")).isEqualTo(REPLY + "one");
    python.unload(queue);
    assertNoFilesLeft();
  }

  /** Inside of SQLite, which calls Python. */
  @ParameterizedTest
  @ValueSource(strings = {"slow", "stubborn"})
  void whatIsBrokenOff_harmsNobody(String request) throws Exception {
    long queue = python.load("m,init");
    long other = python.load("m,init");
    CompletableFuture<Reply> slow =
        python.host.call(queue, "m", request.getBytes(UTF_8), Duration.ofSeconds(1));
    python.awaitLog("inside");
    assertThat(python.call(other, "m")).isEqualTo(REPLY + "one");
    python.host.cancel(slow, CancelReason.TIMEOUT);
    assertThat(slow.get(PythonHost.SECONDS, TimeUnit.SECONDS).rc()).isNotZero();
    assertThat(python.call(queue, "m")).isEqualTo(REPLY + "one");
    assertThat(python.call(other, "m")).isEqualTo(REPLY + "one");
    python.unload(queue);
    python.unload(other);
  }
}
