package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.core.guest.GuestException;

/** Context managers around a runtime, and what is ended at unload in which order. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LifespanTest {
  private static final String MANAGERS =
      """
      import asyncio, contextlib, contextvars

      variable = contextvars.ContextVar("variable", default="unset")

      class Handlers:
          def variable(self, req, task): return variable.get()

      async def work():
          try:
              await asyncio.sleep(3600)
          finally:
              print("work ended")

      @contextlib.asynccontextmanager
      async def async_manager(cfg):
          await asyncio.sleep(0.001)
          variable.set("from the manager")
          async with asyncio.TaskGroup() as group:
              working = group.create_task(work())
              try:
                  yield Handlers()
              finally:
                  print("leaving")
                  await asyncio.sleep(0.001)
                  working.cancel()
          print("left")

      @contextlib.contextmanager
      def sync_manager(cfg):
          variable.set("from the manager")
          yield Handlers()
          print("left")

      async def later(cfg):
          variable.set("from the entry")
          return sync_manager(cfg)

      class Itself:
          async def __aenter__(self): print("entered")
          async def __aexit__(self, *args): print("left", args)
          def variable(self, req, task): return "itself"

      def itself(cfg): return Itself()

      @contextlib.asynccontextmanager
      async def fails_to_enter(cfg):
          raise ValueError("no luck")
          yield

      @contextlib.asynccontextmanager
      async def no_handlers(cfg):
          try:
              yield 5
          finally:
              print("left")

      @contextlib.contextmanager
      def no_handlers_sync(cfg):
          try:
              yield 5
          finally:
              print("left")

      async def no_manager(cfg):
          yield Handlers()

      @contextlib.contextmanager
      def fails_to_leave(cfg):
          yield Handlers()
          raise ValueError("no luck")

      async def fail_soon():
          raise ValueError("in the background")

      @contextlib.asynccontextmanager
      async def fails_while_serving(cfg):
          async with asyncio.TaskGroup() as group:
              group.create_task(fail_soon())
              yield Handlers()

      def dispose(): print("disposed")
      """;

  @TempDir private Path folder;
  private PythonHost python;

  @BeforeEach
  void start() throws Exception {
    python = new PythonHost(folder);
    python.write("m.py", MANAGERS);
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private List<String> said() {
    return python.log.stream()
        .filter(entry -> !entry.startsWith("NOTICE"))
        .map(entry -> entry.replace("[py:m] ", ""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "async_manager | from the manager | disposed, leaving, work ended, left",
        "sync_manager  | from the manager | disposed, left",
        "later         | from the manager | disposed, left",
        "itself        | itself           | entered, disposed, 'left (None, None, None)'",
      })
  void managerThatTheEntryReturns_isEnteredAndLeft(String entry, String variable, String said)
      throws Exception {
    long queue = python.load("m," + entry);
    assertThat(python.call(queue, "variable")).isEqualTo(variable);
    python.unload(queue);
    assertThat(String.join(", ", said()).replace("INFO ", "")).isEqualTo(said.replace("'", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fails_to_enter   | no luck",
        "no_handlers      | it returned an object of type int",
        "no_handlers_sync | it returned an object of type int",
        "no_manager       | contextlib.asynccontextmanager makes what is entered and left of it",
      })
  void managerThatFails_failsTheLoad(String entry, String text) throws Exception {
    assertThatThrownBy(() -> python.load("m," + entry))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining(text);
    assertThat(said().contains("INFO left")).isEqualTo(entry.startsWith("no_handlers"));
    assertThat(said()).noneMatch(entryOfLog -> entryOfLog.contains("generator didn't stop"));
  }

  @Test
  void managerThatFailsToLeave_isAFailureOfTheDispose() throws Exception {
    long queue = python.load("m,fails_to_leave");
    python.unload(queue);
    assertThat(said())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("ERROR dispose failed: Traceback")
        .endsWith("ValueError: no luck");
  }

  @Test
  void managerThatFailsWhileServing_isLogged_andTheHandlersServe() throws Exception {
    long queue = python.load("m,fails_while_serving");
    python.awaitLog("the context manager that the entry returned has ended");
    assertThat(python.call(queue, "variable")).isEqualTo("unset");
    python.unload(queue);
    assertThat(said()).last().isEqualTo("INFO disposed");
    assertThat(said().getFirst()).contains("ValueError: in the background");
  }

  @ParameterizedTest
  @CsvSource({"'def init(cfg):'", "'async def init(cfg):'"})
  void unload_endsThreads_thenAtexit_thenGenerators(String init) throws Exception {
    python.write(
        "m.py",
        """
        import atexit, contextlib, functools, threading, time, weakref
        from concurrent.futures import ThreadPoolExecutor
        def numbers(name):
            try:
                while True: yield 1
            finally:
                print("closed", name)
        def started(name):
            generator = numbers(name)
            next(generator)
            return generator
        @contextlib.contextmanager
        def resource():
            try:
                yield
            finally:
                print("closed resource")
        class Handlers:
            def __init__(self):
                inner = started("closure")
                self.generators = [{"key": started("attribute")}]
                self.closure = functools.partial(lambda req, task: str(next(inner)))
            def add(self, req, task): return str(next(inner))
        module = started("module")
        finished = numbers("never started")
        stack = contextlib.ExitStack()
        stack.enter_context(resource())
        pool = ThreadPoolExecutor(1)
        stopped = threading.Event()
        def work():
            stopped.wait()
            time.sleep(0.05)
            print("thread ended")
        class Thing: pass
        thing = Thing()
        weakref.finalize(thing, print, "finalized")
        INIT
            threading.Thread(target=work).start()
            pool.submit(lambda: (stopped.wait(), print("job done")))
            atexit.register(print, "at exit")
            return Handlers()
        def dispose():
            print("disposed")
            stopped.set()
        """
            .replace("INIT", init));
    long queue = python.load("m,init");
    assertThat(python.call(queue, "closure")).isEqualTo("1");
    python.unload(queue);
    List<String> said = said();
    assertThat(said.getFirst()).isEqualTo("INFO disposed");
    assertThat(said.subList(1, 3)).containsExactlyInAnyOrder("INFO thread ended", "INFO job done");
    assertThat(said.subList(3, 5)).containsExactly("INFO at exit", "INFO finalized");
    assertThat(said.subList(5, said.size()))
        .containsExactlyInAnyOrder(
            "INFO closed closure",
            "INFO closed attribute",
            "INFO closed module",
            "INFO closed resource");
  }

  @Test
  void failureThatNobodyAskedFor_isToldAtUnload() throws Exception {
    python.write(
        "m.py",
        """
        import asyncio, sys
        async def fails(): raise ValueError("nobody asks")
        async def handler(req, task):
            failing = asyncio.create_task(fails())
            asked = asyncio.create_task(fails())
            try:
                await asked
            except ValueError:
                pass
            await asyncio.sleep(0.001)
        def init(cfg): return handler
        """);
    long queue = python.load("m,init");
    assertThat(python.call(queue, "m")).isEqualTo("nil");
    assertThat(said()).isEmpty();
    python.unload(queue);
    assertThat(said())
        .singleElement()
        .asString()
        .startsWith("ERROR asyncio: Task exception was never retrieved\nfuture: <Task finished")
        .contains("coro=<fails() done", "in fails")
        .endsWith("ValueError: nobody asks");
  }

  /** asyncio lets sys.exit() through; the call has it as its error, and error.log once. */
  @Test
  void exitOfAnAsyncHandler_isToldOnce() throws Exception {
    python.write(
        "m.py",
        """
        import sys
        async def handler(req, task): sys.exit(4)
        def init(cfg): return handler
        """);
    long queue = python.load("m,init");
    assertThat(python.call(queue, "m")).isEqualTo("1: 4");
    python.unload(queue);
    assertThat(said()).singleElement().asString().endsWith("SystemExit: 4");
  }
}
