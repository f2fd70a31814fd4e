package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** Breaking off what runs inside a guest, and ending the guest. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class InterruptionTest {
  /** What a handler may be stuck in; each says so, then does it. */
  private static final String STUCK =
      """
      import asyncio, queue, re, select, socket, threading, time

      def blocks_in(function, *args):
          def handler(self, req, task):
              print("inside", flush=True)
              return function(*args)
          return handler

      def locked():
          lock = threading.Lock()
          lock.acquire()
          return lock

      def spin():
          while True: pass

      def spin_over_exceptions():
          while True:
              try:
                  int("x")
              except Exception:
                  continue

      def spin_then_tidy():
          try:
              spin()
          finally:
              print("tidied", flush=True)

      def join_a_thread_that_computes():
          global ends
          ends = False
          def compute():
              while not ends: pass
          thread = threading.Thread(target=compute, daemon=True)
          thread.start()
          try:
              thread.join()
          finally:
              ends = True

      class Handlers:
          spin = blocks_in(spin)
          spin_over_exceptions = blocks_in(spin_over_exceptions)
          spin_then_tidy = blocks_in(spin_then_tidy)
          sleep = blocks_in(time.sleep, 3600)
          sleep_float = blocks_in(time.sleep, 3599.5)
          lock = blocks_in(lambda: locked().acquire())
          event = blocks_in(lambda: threading.Event().wait())
          queue = blocks_in(lambda: queue.Queue().get())
          join = blocks_in(join_a_thread_that_computes)
          select = blocks_in(lambda: select.select([], [], [], 3600))
          receive = blocks_in(lambda: [s.recv(1) for s in socket.socketpair()])
          accept = blocks_in(lambda: socket.create_server(("127.0.0.1", 0)).accept())
          run = blocks_in(lambda: asyncio.run(asyncio.sleep(3600)))

          async def spin_later(self, req, task):
              await asyncio.sleep(0.001)
              print("inside", flush=True)
              spin()

          async def callback(self, req, task):
              def callback():
                  print("inside", flush=True)
                  spin()
              asyncio.get_running_loop().call_soon(callback)
              await asyncio.sleep(0.001)
              return "after the callback"

          async def echo(self, req, task): return req

          async def wait(self, req, task):
              self.waiting = asyncio.get_running_loop().create_future()
              return await self.waiting

          def end_wait(self, req, task): self.waiting.set_result(req)

          async def thread(self, req, task): return await asyncio.to_thread(bytes, req)

          async def socket(self, req, task):
              left, right = socket.socketpair()
              left.setblocking(False)
              asyncio.get_running_loop().call_later(0.001, right.send, req)
              received = await asyncio.get_running_loop().sock_recv(left, 100)
              left.close()
              right.close()
              return received

      def init(cfg): return Handlers()
      """;

  private static final Duration LONG = Duration.ofSeconds(PythonHost.SECONDS);

  @TempDir private Path folder;
  private final WatchedLanguage language = new WatchedLanguage();
  private PythonHost python;

  @BeforeEach
  void start() {
    python = new PythonHost(folder, language);
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private long load(String source) throws Exception {
    python.write("m.py", source);
    return python.load("m,init");
  }

  private static String text(CompletableFuture<Reply> call) throws Exception {
    return PythonHost.text(call.get(PythonHost.SECONDS, TimeUnit.SECONDS));
  }

  /** Calls, and returns when the handler is about to be stuck. */
  private CompletableFuture<Reply> stuck(long queue, String method) throws Exception {
    python.log.clear();
    CompletableFuture<Reply> call = python.start(queue, method, "");
    python.awaitLog("inside");
    return call;
  }

  private void assertUsable(long queue) throws Exception {
    assertThat(python.call(queue, "echo", "x")).isEqualTo("x");
    assertThat(python.call(queue, "thread", "y")).isEqualTo("y");
    assertThat(python.call(queue, "socket", "z")).isEqualTo("z");
  }

  @Test
  void interrupt_isAnErrorOfTheHandler_andTheRestGoesOn() throws Exception {
    long queue = load(STUCK);
    assertUsable(queue);
    for (String method :
        new String[] {
          "spin",
          "spin_then_tidy",
          "spin_later",
          "sleep",
          "sleep_float",
          "lock",
          "event",
          "queue",
          "join",
          "select",
          "receive",
          "accept",
          "run",
        }) {
      CompletableFuture<Reply> waiting = python.start(queue, "wait", "");
      CompletableFuture<Reply> call = stuck(queue, method);
      assertThat(language.latest().interrupt(LONG)).as(method).isTrue();
      assertThat(text(call)).as(method).isEqualTo("1: interrupted");
      assertThat(python.log)
          .as(method)
          .anyMatch(entry -> entry.contains("m.py") && entry.contains("KeyboardInterrupt"));
      assertUsable(queue);
      python.call(queue, "end_wait", "waited");
      assertThat(text(waiting)).as(method).isEqualTo("waited");
    }
    python.unload(queue);
  }

  @Test
  void interrupt_ofALoopOverExceptions_endsTheHandler() throws Exception {
    long queue = load(STUCK);
    for (int i = 0; i < 10; i++) {
      CompletableFuture<Reply> call = stuck(queue, "spin_over_exceptions");
      assertThat(language.latest().interrupt(LONG)).isTrue();
      assertThat(text(call)).startsWith("1: "); // GraalPy's own failure, where it was in the clause
      assertUsable(queue);
    }
    python.unload(queue);
  }

  @Test
  void interrupt_runsFinallyBlocks() throws Exception {
    long queue = load(STUCK);
    CompletableFuture<Reply> call = stuck(queue, "spin_then_tidy");
    assertThat(language.latest().interrupt(LONG)).isTrue();
    assertThat(text(call)).isEqualTo("1: interrupted");
    python.awaitLog("INFO [py:m] tidied");
    python.unload(queue);
  }

  @Test
  void interrupt_ofACallback_isLogged() throws Exception {
    long queue = load(STUCK);
    CompletableFuture<Reply> call = stuck(queue, "callback");
    assertThat(language.latest().interrupt(LONG)).isTrue();
    assertThat(text(call)).isEqualTo("after the callback");
    assertThat(python.log)
        .anyMatch(
            entry ->
                entry.startsWith("ERROR [py:m] in a callback: Traceback")
                    && entry.endsWith("KeyboardInterrupt: interrupted"));
    python.unload(queue);
  }

  @Test
  void interrupt_ofNothing_hitsNoLaterCall() throws Exception {
    long queue = load(STUCK);
    for (int i = 0; i < 100; i++) {
      assertThat(language.latest().interrupt(LONG)).isTrue();
      assertThat(python.call(queue, "echo", "x")).isEqualTo("x");
    }
    assertUsable(queue);
    python.unload(queue);
  }

  @Test
  void interrupt_ofALoad_failsIt() throws Exception {
    python.write("m.py", "print('inside', flush=True)\nwhile True: pass\n");
    CompletableFuture<String> load =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return "loaded as " + python.load("m,init");
              } catch (GuestException failure) {
                return failure.text();
              }
            });
    python.awaitLog("inside");
    assertThat(language.latest().interrupt(LONG)).isTrue();
    assertThat(load.get(PythonHost.SECONDS, TimeUnit.SECONDS))
        .isEqualTo("module \"m\": KeyboardInterrupt: interrupted");
  }

  @Test
  void interrupt_ofADispose_isItsFailure() throws Exception {
    long queue =
        load(
            """
            import atexit
            def init(cfg):
                atexit.register(print, "at exit")
                return lambda req, task: req
            def dispose():
                print("inside", flush=True)
                while True: pass
            """);
    CompletableFuture<Void> unload = python.host.unload(queue);
    python.awaitLog("inside");
    assertThat(language.latest().interrupt(LONG)).isTrue();
    unload.get(PythonHost.SECONDS, TimeUnit.SECONDS);
    assertThat(python.log)
        .contains("INFO [py:m] at exit")
        .anyMatch(entry -> entry.contains("dispose failed") && entry.contains("Interrupt"));
  }

  @Test
  void codeInText_isTheUsers() throws Exception {
    long queue =
        load(
            """
            text = '''
            def spin():
                print("inside", flush=True)
                while True: pass
            def sync(self, req, task): spin()
            async def later(self, req, task): spin()
            '''
            names = {}
            exec(text, names)
            def init(cfg):
                return type("Handlers", (), {"sync": names["sync"], "later": names["later"]})()
            """);
    for (String method : new String[] {"sync", "later"}) {
      CompletableFuture<Reply> call = stuck(queue, method);
      assertThat(language.latest().interrupt(LONG)).as(method).isTrue();
      assertThat(text(call)).as(method).isEqualTo("1: interrupted");
    }
    python.unload(queue);
  }

  /** What waits there is ours, but waits on the user's behalf. */
  @Test
  void waitingForALock_andForTls_isTheUsers() throws Exception {
    long queue =
        load(
            """
            import fcntl, socket, ssl, tempfile
            def lock(self, req, task):
                with tempfile.NamedTemporaryFile() as file, open(file.name) as other:
                    fcntl.flock(other, fcntl.LOCK_EX)
                    print("inside", flush=True)
                    fcntl.flock(file, fcntl.LOCK_EX)
            def tls(self, req, task):
                with socket.create_server(("127.0.0.1", 0)) as silent:
                    with socket.create_connection(silent.getsockname()) as client:
                        print("inside", flush=True)
                        ssl.create_default_context().wrap_socket(client, server_hostname="x")
            def init(cfg):
                return type("Handlers", (), {"lock": lock, "tls": tls})()
            """);
    for (String method : new String[] {"lock", "tls"}) {
      CompletableFuture<Reply> call = stuck(queue, method);
      assertThat(language.latest().interrupt(LONG)).as(method).isTrue();
      assertThat(text(call)).as(method).isEqualTo("1: interrupted");
    }
    python.unload(queue);
  }

  /** It reads the source of what the standard library runs, for longer than the user's code may. */
  @Test
  void tracebackThatTakesLong_isTold() throws Exception {
    long queue =
        load(
            """
            import threading
            def spin():
                print("inside", flush=True)
                while True: pass
            def handler(req, task):
                error = None
                for number in range(200_000):
                    before, error = error, ValueError(number)
                    error.__context__ = before
                try:
                    raise error
                except ValueError:
                    threading.Thread(target=spin).run()
            def init(cfg): return handler
            """);
    CompletableFuture<Reply> call = stuck(queue, "m");
    assertThat(language.latest().interrupt(LONG)).isTrue();
    assertThat(text(call)).isEqualTo("1: interrupted");
    assertThat(python.log)
        .anyMatch(entry -> entry.contains("threading.py") && entry.contains("KeyboardInterrupt"))
        .anyMatch(entry -> entry.contains("self._target(*self._args, **self._kwargs)"));
    python.unload(queue);
  }

  @Test
  void guestThatCatchesTheInterrupt_goesOn_untilItIsKilled() throws Exception {
    long queue =
        load(
            """
            def handler(req, task):
                print("inside", flush=True)
                while True:
                    try:
                        while True: pass
                    except BaseException as error:
                        print("caught", repr(error), flush=True)
            def init(cfg): return handler
            """);
    CompletableFuture<Reply> call = stuck(queue, "m");
    assertThat(language.latest().interrupt(Duration.ofMillis(2500))).isFalse();
    python.awaitLog("INFO [py:m] caught KeyboardInterrupt('interrupted')");
    language.latest().kill();
    assertThat(text(call)).startsWith("1: ");
    assertEnds(queue);
  }

  @Test
  void kill_endsWhateverRuns() throws Exception {
    for (String method : new String[] {"spin", "sleep", "lock", "join", "select", "receive"}) {
      long queue = load(STUCK);
      assertUsable(queue);
      CompletableFuture<Reply> call = stuck(queue, method);
      language.latest().kill();
      assertThat(text(call)).as(method).startsWith("1: ");
      assertEnds(queue);
    }
  }

  /** A killed guest is unloaded as any other. */
  private void assertEnds(long queue) throws Exception {
    python.unload(queue);
    long limit = System.nanoTime() + LONG.toNanos();
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("resty-home"))) {
      assertThat(System.nanoTime()).as("the home thread ends").isLessThan(limit);
      Thread.sleep(10);
    }
  }
}
