package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** Dispose, close, and what several runtimes share. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LifecycleTest {
  @TempDir private Path folder;
  private PythonHost python;

  @BeforeEach
  void start() {
    python = new PythonHost(folder);
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private long load(String source) throws Exception {
    python.write("m.py", source);
    return python.load("m?,init");
  }

  private void awaitEnd(String threadName) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().contains(threadName))) {
      assertThat(System.nanoTime()).as("end of thread %s", threadName).isLessThan(limit);
      Thread.sleep(10);
    }
  }

  @Test
  void dispose_sync_andAtexit_run() throws Exception {
    long queue =
        load(
            """
            import atexit
            def init(cfg):
                atexit.register(print, "at exit")
                return lambda req, task: req
            def dispose(): print("disposed")
            """);
    python.unload(queue);
    assertThat(python.log).containsSubsequence("INFO [py:m] disposed", "INFO [py:m] at exit");
  }

  @Test
  void dispose_async_thenTasksAndGenerators_areEnded() throws Exception {
    long queue =
        load(
            """
            import asyncio
            async def background():
                try:
                    await asyncio.Event().wait()
                finally:
                    await asyncio.sleep(0.01)
                    print("background ended")
            async def numbers():
                try:
                    while True: yield 1
                finally:
                    print("generator ended")
            async def init(cfg):
                global kept, generator
                kept = asyncio.create_task(background())
                generator = numbers()
                await anext(generator)
                await asyncio.to_thread(int)
                return lambda req, task: req
            async def dispose():
                await asyncio.sleep(0.01)
                print("disposed", kept.done())
            """);
    python.unload(queue);
    assertThat(python.log)
        .containsSubsequence(
            "INFO [py:m] disposed False",
            "INFO [py:m] background ended",
            "INFO [py:m] generator ended");
    assertThat(python.log).noneMatch(entry -> entry.startsWith("ERROR"));
  }

  @Test
  void dispose_thatRaises_isLogged() throws Exception {
    long queue =
        load(
            """
            def init(cfg): return lambda req, task: req
            def dispose(): raise ValueError("no luck")
            """);
    python.unload(queue);
    assertThat(python.log)
        .anyMatch(
            entry ->
                entry.startsWith("ERROR [py:m] dispose failed: Traceback")
                    && entry.endsWith("ValueError: no luck"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def dispose(): raise ValueError('no luck')",
        "async def dispose(): raise ValueError('no luck')",
        "async def dispose(): await asyncio.sleep(0.001); raise ValueError('no luck')",
        "async def dispose(): sys.exit('no luck')",
        "class Failure(Exception):\n    rc = property(lambda self: 1 / 0)\n"
            + "async def dispose(): raise Failure('no luck')",
      })
  void dispose_thatRaises_isCleanedUpAfterAllTheSame(String dispose) throws Exception {
    long queue =
        load(
            """
            import asyncio, atexit, sys
            async def background():
                try:
                    await asyncio.Event().wait()
                finally:
                    await asyncio.sleep(0.001)
                    print("background ended")
            async def numbers():
                try:
                    while True: yield 1
                finally:
                    print("generator ended")
            async def init(cfg):
                global kept, generator
                kept = asyncio.create_task(background())
                generator = numbers()
                await anext(generator)
                await asyncio.to_thread(int)
                atexit.register(print, "at exit")
                return lambda req, task: req
            """
                + dispose);
    python.unload(queue);
    assertThat(python.log)
        .containsSubsequence(
            "INFO [py:m] background ended", "INFO [py:m] generator ended", "INFO [py:m] at exit")
        .last()
        .asString()
        .startsWith("ERROR [py:m] dispose failed: Traceback")
        .endsWith("no luck");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "async "})
  void atexit_thatLeavesOrRaises_isNoFailureOfTheRest(String async) throws Exception {
    long queue =
        load(
            """
            import atexit, sys
            atexit.register(print, "first")
            atexit.register(lambda: 1 / 0)
            atexit.register(sys.exit, 3)
            def init(cfg): return lambda req, task: req
            """
                + async
                + "def dispose(): pass");
    python.unload(queue);
    assertThat(python.log)
        .contains("INFO [py:m] first")
        .anyMatch(entry -> entry.contains("ZeroDivisionError"))
        .noneMatch(entry -> entry.contains("dispose takes too long"));
  }

  @Test
  void threadsThatNeverEnd_endWithTheContext() throws Exception {
    long queue =
        load(
            """
            import asyncio, socket, threading, time
            def spin():
                while True: pass
            def sleep(): time.sleep(3600)
            async def init(cfg):
                for target in spin, sleep:
                    threading.Thread(target=target, daemon=True).start()
                    threading.Thread(target=target).start()
                left, right = socket.socketpair()
                left.setblocking(False)
                asyncio.get_running_loop().add_reader(left, print)
                global kept
                kept = left, right
                return lambda req, task: str(threading.active_count())
            """);
    assertThat(Integer.parseInt(python.call(queue, "m"))).isGreaterThanOrEqualTo(5);
    python.unload(queue);
    awaitEnd("resty-select py:m");
    awaitEnd("resty-home py:m");
  }

  @Test
  void socketsLeftOpen_areClosed() throws Exception {
    long queue =
        load(
            """
            import socket
            def init(cfg):
                global server
                server = socket.create_server(("127.0.0.1", 0))
                return lambda req, task: str(server.getsockname()[1])
            """);
    int port = Integer.parseInt(python.call(queue, "m"));
    new Socket(InetAddress.getLoopbackAddress(), port).close();
    python.unload(queue);
    awaitEnd("resty-home py:m");
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"time.sleep(3600)", "1 / 0"})
  void eventLoopThatCannotBeClosed_isClosedAllTheSame(String close) throws Exception {
    long queue =
        load(
            """
            import asyncio, time
            async def init(cfg):
                asyncio.SelectorEventLoop.close = lambda self: CLOSE
                asyncio.get_running_loop()._selector.close = lambda: CLOSE
                return lambda req, task: req
            """
                .replace("CLOSE", close));
    assertThat(python.call(queue, "m", "x")).isEqualTo("x");
    python.unload(queue);
    awaitEnd("resty-home py:m");
    assertThat(python.log).noneMatch(entry -> entry.startsWith("ERROR"));
  }

  @Test
  void threadThatComputes_keepsNoHandlerWaitingForGood() throws Exception {
    for (int i = 0; i < 3; i++) { // the second runtime is the one that GraalPy forgets
      long queue =
          load(
              """
              import threading
              def compute():
                  while True: pass
              def init(cfg):
                  threading.Thread(target=compute, daemon=True).start()
                  return lambda req, task: req
              """);
      assertThat(python.call(queue, "m", "x")).isEqualTo("x");
      assertThat(python.call(queue, "m", "y")).isEqualTo("y");
      python.unload(queue);
    }
  }

  @Test
  void runtimesOfTheSameModule_shareNothing() throws Exception {
    String source =
        """
        import os, json
        calls = 0
        def init(cfg):
            def handler(req, task):
                global calls
                calls += 1
                os.environ["MINE"] = cfg
                return f"{calls} {os.environ['MINE']} {os.getcwd()}"
            if cfg == "two": os.chdir("/")
            return handler
        """;
    python.write("m.py", source);
    long one = python.load("m,init,one");
    long two = python.load("m,init,two");
    String cwd = Path.of("").toAbsolutePath().toString();
    assertThat(python.call(one, "m")).isEqualTo("1 one " + cwd);
    assertThat(python.call(two, "m")).isEqualTo("1 two /");
    assertThat(python.call(one, "m")).isEqualTo("2 one " + cwd);
    python.unload(one);
    assertThat(python.call(two, "m")).isEqualTo("2 two /");
    python.unload(two);
  }

  @Test
  void homeThread_isTheSameForAllCalls() throws Exception {
    long queue =
        load(
            """
            import asyncio, threading
            home = threading.local()
            home.value = threading.get_ident()
            class Demo:
                def sync(self, req, task): return str(home.value == threading.get_ident())
                async def later(self, req, task):
                    await asyncio.sleep(0.001)
                    return str(home.value == threading.get_ident())
            def init(cfg): return Demo()
            """);
    for (int i = 0; i < 50; i++) {
      assertThat(python.call(queue, "sync") + python.call(queue, "later")).isEqualTo("TrueTrue");
    }
    python.unload(queue);
  }

  @Test
  void asyncio_importedByAnotherThread_knowsTheHomeThread() throws Exception {
    long queue =
        load(
            """
            import threading
            told = []
            def get_loop():
                import asyncio
                try:
                    told.append(repr(asyncio.get_event_loop()))
                except RuntimeError as error:
                    told.append(str(error))
            def init(cfg):
                thread = threading.Thread(target=get_loop, name="other")
                thread.start()
                thread.join()
                get_loop()
                return lambda req, task: " - ".join(told)
            """);
    assertThat(python.call(queue, "m"))
        .startsWith("There is no current event loop in thread 'other'. - <RuntimeLoop ");
    python.unload(queue);
  }

  @Test
  void slowHandler_keepsItsOwnRuntimeWaitingOnly() throws Exception {
    python.write(
        "slow.py",
        """
        import os, time
        def wait(req, task):
            while not os.path.exists(req): time.sleep(0.01)
        def init(cfg): return wait
        """);
    python.write("quick.py", "def init(cfg): return lambda req, task: req");
    long slow = python.load("slow,init");
    long quick = python.load("quick,init");
    Path goOn = folder.resolve("go-on");
    CompletableFuture<Reply> waiting = python.start(slow, "m", goOn.toString());
    for (int i = 0; i < 20; i++) {
      assertThat(python.call(quick, "m", "x")).isEqualTo("x");
    }
    assertThat(waiting).isNotDone();
    Files.createFile(goOn);
    waiting.get(PythonHost.SECONDS, TimeUnit.SECONDS);
    python.unload(slow);
    python.unload(quick);
  }

  @Test
  void hardExit_endsNeitherTheProcessNorAnotherRuntime() throws Exception {
    python.write("other.py", "def init(cfg): return lambda req, task: req");
    long other = python.load("other,init");
    long queue = load("import os\ndef init(cfg): return lambda req, task: os._exit(3)");
    assertThat(python.call(queue, "m").split(":", 2)[0]).isEqualTo("1");
    assertThat(python.call(other, "m", "x")).isEqualTo("x");
    python.unload(queue);
    python.unload(other);
  }

  @Test
  void compressionModules_workInEachRuntime() throws Exception {
    for (int i = 0; i < 2; i++) {
      long queue =
          load(
              """
              import bz2, gzip, lzma, zlib
              def init(cfg):
                  def handler(req, task):
                      return b" ".join(
                          module.decompress(module.compress(req))
                          for module in (bz2, gzip, lzma, zlib))
                  return handler
              """);
      assertThat(python.call(queue, "m", "x")).isEqualTo("x x x x");
      python.unload(queue);
    }
  }

  @Test
  @EnabledIf("systemHasTimeZones")
  void zoneinfo_knowsTheSystemsTimeZones() throws Exception {
    long queue =
        load(
            """
            from datetime import datetime
            from zoneinfo import ZoneInfo
            def init(cfg):
                return lambda req, task: str(datetime(2026, 7, 1, tzinfo=ZoneInfo(req.decode())))
            """);
    assertThat(python.call(queue, "m", "Europe/Berlin")).isEqualTo("2026-07-01 00:00:00+02:00");
    python.unload(queue);
  }

  static boolean systemHasTimeZones() {
    return Files.exists(Path.of("/usr/share/zoneinfo/Europe/Berlin"));
  }

  @Test
  void onlySyncHandlers_importNoAsyncio() throws Exception {
    long queue =
        load(
            """
            import sys
            heavy = {"asyncio", "logging", "threading", "traceback", "inspect", "re", "os"}
            def init(cfg): return lambda req, task: " ".join(sorted(heavy & set(sys.modules)))
            """);
    assertThat(python.call(queue, "m")).isEmpty();
    assertThat(python.call(queue, "m")).isEmpty();
    python.unload(queue);
  }

  @Test
  void asyncHandlers_importAsyncioWhileLoading() throws Exception {
    long queue =
        load(
            """
            import sys
            class Demo:
                def sync(self, req, task): return str("asyncio" in sys.modules)
                async def later(self, req, task): return req
            def init(cfg): return Demo()
            """);
    assertThat(python.call(queue, "sync")).isEqualTo("True");
    assertThat(python.call(queue, "later", "x")).isEqualTo("x");
    python.unload(queue);
  }
}
