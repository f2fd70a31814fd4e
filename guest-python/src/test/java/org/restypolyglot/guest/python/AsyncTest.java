package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** Asynchronous handlers, and the runtime's event loop. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class AsyncTest {
  private static final String MODULE =
      """
      import asyncio
      import contextvars
      import os
      import socket
      import sys
      import threading
      import time

      var = contextvars.ContextVar("var", default="unset")

      class Awaitable:
          def __await__(self):
              yield from asyncio.sleep(0.001).__await__()
              return b"awaited"

      class RcRaises(Exception):
          @property
          def rc(self): return 1 / 0

      class RcIsOdd(Exception):
          class rc(int):
              def __int__(self): return 1 << 99
          rc = rc(7)

      def with_attributes(error, **attributes):
          for name, value in attributes.items():
              setattr(error, name, value)
          return error

      def chain_of(length):
          error = None
          for n in range(length):
              cause, error = error, ValueError(f"number {n}")
              error.__cause__ = cause
          return error

      def nested(depth):
          error = ValueError("innermost")
          for n in range(depth):
              error = ExceptionGroup("group", [error])
          return error

      odd_failures = {
          "rc_raises": lambda: RcRaises("text"),
          "rc_is_odd": lambda: RcIsOdd("text"),
          "notes": lambda: with_attributes(ValueError("text"), __notes__=5),
          "syntax_text": lambda: with_attributes(
              SyntaxError("text", ("file.py", 1, 1, "x")), text=5),
          "syntax_offset": lambda: with_attributes(
              SyntaxError("text", ("file.py", 1, 1, "x")), offset="1"),
          "syntax_file": lambda: with_attributes(
              SyntaxError("text", ("file.py", 1, 1, "x")), filename=[], text=None),
          "chain": lambda: chain_of(5000),
          "groups": lambda: nested(2000),
      }

      class Handlers:
          def __init__(self):
              self.asleep = 0
              self.peak_asleep = 0

          async def at_once(self, req, task): return req

          async def sleeps(self, req, task):
              self.asleep += 1
              self.peak_asleep = max(self.peak_asleep, self.asleep)
              await asyncio.sleep(float(req))
              self.asleep -= 1
              return b"slept"

          def peak(self, req, task): return str(self.peak_asleep)

          async def gather(self, req, task):
              async def part(n):
                  await asyncio.sleep(0.001 * (5 - n))
                  return str(n)
              return " ".join(await asyncio.gather(*(part(n) for n in range(5))))

          async def create_task(self, req, task):
              tasks = [asyncio.create_task(asyncio.sleep(0.001, str(n))) for n in range(3)]
              return "".join([await t for t in tasks])

          async def group(self, req, task):
              async with asyncio.TaskGroup() as tg:
                  tasks = [tg.create_task(asyncio.sleep(0.001, str(n))) for n in range(3)]
              return "".join(t.result() for t in tasks)

          async def group_fails(self, req, task):
              async def bad(): raise ValueError("in the group")
              async with asyncio.TaskGroup() as tg:
                  tg.create_task(bad())

          async def wait_for(self, req, task):
              try:
                  await asyncio.wait_for(asyncio.Event().wait(), 0.01)
              except TimeoutError:
                  return b"timeout"

          async def timeout(self, req, task):
              try:
                  async with asyncio.timeout(0.01):
                      await asyncio.sleep(60)
              except TimeoutError:
                  return b"timeout"

          async def to_thread(self, req, task):
              home = threading.get_ident()
              def work():
                  time.sleep(0.01)
                  return "other" if threading.get_ident() != home else "home"
              return await asyncio.to_thread(work)

          async def executor(self, req, task):
              loop = asyncio.get_running_loop()
              results = [loop.run_in_executor(None, lambda n=n: n * n) for n in range(10)]
              return str(sum(await asyncio.gather(*results)))

          async def from_thread(self, req, task):
              loop = asyncio.get_running_loop()
              future = loop.create_future()
              thread = threading.Thread(
                  target=lambda: loop.call_soon_threadsafe(future.set_result, b"from a thread"))
              thread.start()
              return await future

          async def queue(self, req, task):
              queue = asyncio.Queue(1)
              async def produce():
                  for n in range(5):
                      await queue.put(str(n))
              producer = asyncio.create_task(produce())
              result = "".join([await queue.get() for _ in range(5)])
              await producer
              return result

          async def call_later(self, req, task):
              loop = asyncio.get_running_loop()
              order = []
              done = loop.create_future()
              loop.call_later(0.03, lambda: (order.append("3"), done.set_result(None)))
              loop.call_later(0.01, order.append, "1")
              late = loop.call_later(0.015, order.append, "cancelled")
              loop.call_later(0.02, order.append, "2")
              loop.call_soon(order.append, "0")
              late.cancel()
              await done
              return "".join(order)

          async def contexts(self, req, task):
              before = var.get()
              var.set(req.decode())
              await asyncio.sleep(0.005)
              return before + " " + var.get()

          async def running(self, req, task):
              loop = asyncio.get_running_loop()
              same = loop is asyncio.get_event_loop() and loop.is_running()
              return str(same and asyncio.current_task() is not None)

          def sync_loop(self, req, task):
              return str(asyncio.get_event_loop().is_running())

          def sync_run(self, req, task):
              async def main():
                  await asyncio.sleep(0.001)
                  return "ran"
              return asyncio.run(main()) + str(asyncio.get_event_loop().is_running())

          def returns_coroutine(self, req, task): return self.at_once(req, task)
          def returns_awaitable(self, req, task): return Awaitable()

          def returns_future(self, req, task):
              future = asyncio.get_event_loop().create_future()
              asyncio.get_event_loop().call_later(0.001, future.set_result, b"future")
              return future

          def returns_task(self, req, task):
              return asyncio.get_event_loop().create_task(asyncio.sleep(0.001, b"task"))

          async def streams(self, req, task):
              async def serve(reader, writer):
                  while data := await reader.readline():
                      writer.write(data.upper())
                      await writer.drain()
                  writer.close()
              server = await asyncio.start_server(serve, "127.0.0.1", 0)
              port = server.sockets[0].getsockname()[1]
              async def client(n):
                  reader, writer = await asyncio.open_connection("127.0.0.1", port)
                  replies = []
                  for i in range(3):
                      writer.write(f"client {n} line {i}\\n".encode())
                      await writer.drain()
                      replies.append((await reader.readline()).decode().strip())
                  writer.close()
                  await writer.wait_closed()
                  return replies == [f"CLIENT {n} LINE {i}" for i in range(3)]
              results = await asyncio.gather(*(client(n) for n in range(20)))
              server.close()
              await server.wait_closed()
              return str(all(results))

          async def large_stream(self, req, task):
              async def serve(reader, writer):
                  data = await reader.readexactly(2_000_000)
                  writer.write(data)
                  await writer.drain()
                  writer.close()
              server = await asyncio.start_server(serve, "127.0.0.1", 0)
              port = server.sockets[0].getsockname()[1]
              reader, writer = await asyncio.open_connection("127.0.0.1", port)
              sent = bytes(range(250)) * 8_000
              writer.write(sent)
              received = await reader.readexactly(2_000_000)
              writer.close()
              server.close()
              return str(sent == received)

          async def sockets(self, req, task):
              loop = asyncio.get_running_loop()
              left, right = socket.socketpair()
              left.setblocking(False)
              right.setblocking(False)
              asyncio.get_running_loop().call_later(0.01, right.send, b"hello")
              data = await loop.sock_recv(left, 100)
              ready = loop.create_future()
              def readable():
                  loop.remove_reader(left)
                  ready.set_result(left.recv(100))
              loop.add_reader(left, readable)
              right.send(b" again")
              data += await ready
              left.close()
              right.close()
              return data

          async def closed_meanwhile(self, req, task):
              left, right = socket.socketpair()
              left.setblocking(False)
              loop = asyncio.get_running_loop()
              future = loop.create_future()
              def readable():
                  loop.remove_reader(fd)
                  if not future.done():
                      future.set_result(b"told")
              fd = left.fileno()
              loop.add_reader(fd, readable)
              await asyncio.sleep(0.05)
              # Opened before, as it could get the number of the one that is closed.
              other = socket.socketpair()
              left.close()
              loop.add_reader(other[0], print)  # gets the thread out of its waiting
              result = await asyncio.wait_for(future, 30)
              loop.remove_reader(other[0])
              for end in right, *other:
                  end.close()
              return result + b" " + await self.sockets(req, task)

          async def removed_as_seen(self, req, task):
              import select
              original = select.select
              def late(*args):
                  select.select = original
                  found = original(*args)
                  original(args[0][-1:], [], [], 30)  # until remove_reader() interrupts the waiting
                  return found
              left, right = socket.socketpair()
              left.setblocking(False)
              loop = asyncio.get_running_loop()
              select.select = late
              loop.add_reader(left, print)
              right.send(b"x")
              await asyncio.sleep(0.1)
              loop.remove_reader(left)
              result = await self.sockets(req, task)
              left.close()
              right.close()
              return result

          async def waiting_fails(self, req, task):
              import select
              original = select.select
              def fails_once(*args):
                  select.select = original
                  raise BaseException("cannot wait")
              await self.sockets(req, task)  # the thread waits from now on
              select.select = fails_once
              return await self.sockets(req, task)

          def handled_first(self, req, task):
              import select, socket, threading
              from types import SimpleNamespace
              from _resty_polyglot import selector
              mine, other = socket.socketpair()
              waiting = selector.WaitingSelector(lambda wait_once: None, lambda: None)
              waiting.register(mine, 2)  # to be written to
              def late(*args):
                  found = select.select(*args)
                  waiting._stale = True  # somebody registers another, and leaves the runtime
                  waiting.rearm()
                  return found
              selector.select = SimpleNamespace(select=late)
              try:
                  waiting.rearm()
                  waiting._wait_once(False)
              finally:
                  selector.select = select
              again = threading.Thread(target=waiting._wait_once, args=(False,))
              again.start()
              again.join(0.3)
              said = [again.is_alive(), len(waiting.select())]
              waiting.rearm()
              again.join(30)
              mine.close(), other.close()
              return str(said + [again.is_alive(), len(waiting.select())])

          async def resolve(self, req, task):
              infos = await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)
              return infos[0][4][0]

          async def never(self, req, task):
              try:
                  await asyncio.Event().wait()
              finally:
                  print("never ended", task.cancelled, flush=True)

          async def stubborn(self, req, task):
              try:
                  await asyncio.Event().wait()
              except asyncio.CancelledError:
                  return b"late"

          async def cancels_itself(self, req, task):
              asyncio.current_task().cancel()
              await asyncio.sleep(1)

          async def leaves(self, req, task):
              await asyncio.sleep(0.001)
              sys.exit("left")

          async def leaves_at_once(self, req, task): sys.exit("left")

          async def wrong_type(self, req, task):
              await asyncio.sleep(0)
              return 42

          async def surrogate(self, req, task):
              await asyncio.sleep(0)
              return "\\udc00"

          async def fails_oddly(self, req, task):
              await asyncio.sleep(0)
              raise odd_failures[req.decode()]()

          async def background_fails(self, req, task):
              async def bad(): raise ValueError("nobody awaits it")
              asyncio.create_task(bad())
              asyncio.get_running_loop().call_soon(lambda: 1 / 0)

          def thread_fails(self, req, task):
              def bad(): raise ValueError("in a thread")
              thread = threading.Thread(target=bad, name="worker")
              thread.start()
              thread.join()

          async def enter_fails(self, req, task):
              class Fails:
                  async def __aenter__(self):
                      await asyncio.sleep(0.001)
                      raise ValueError("entering")
                  async def __aexit__(self, *args):
                      said.append("__aexit__")
                      return True
              said = []
              async def once():
                  async with Fails(): said.append("body")
              async def among():
                  try:
                      async with asyncio.timeout(60), Fails() as (a, b): said.append("body")
                  except ValueError: said.append("caught")
                  else: said.append("else")
                  finally: said.append("finally")
              async def numbers():
                  async with Fails(): yield 1
              for part in once(), among(), anext(numbers()):
                  try:
                      await part
                  except ValueError as error: said.append(str(error))
              return " ".join(said)

          async def body_fails(self, req, task):
              class Suppresses:
                  async def __aenter__(self):
                      await asyncio.sleep(0)
                      return 1, 2
                  async def __aexit__(self, kind, error, tb):
                      await asyncio.sleep(0)
                      said.append(str(error))
                      return kind is KeyError
              said = []
              async with Suppresses() as (a, b):
                  raise KeyError(a + b)
              async with Suppresses(), Suppresses():
                  pass
              try:
                  async with Suppresses(), Suppresses():
                      raise ValueError("body")
              except ValueError:
                  said.append("caught")
              for n in range(2):
                  async with Suppresses(): continue
              return " ".join(said)

          async def lock_cancelled(self, req, task):
              lock = asyncio.Lock()
              async def wait():
                  async with lock: pass
              async with lock:
                  waiting = asyncio.create_task(wait())
                  await asyncio.sleep(0)
                  waiting.cancel()
                  try:
                      await waiting
                  except asyncio.CancelledError:
                      return str(lock.locked())

          async def names(self, req, task):
              return repr(asyncio.current_task().get_coro().cr_code.co_qualname in
                          repr(asyncio.current_task()))

          async def idna(self, req, task):
              import unicodedata
              await self.sockets(req, task)  # a thread waits for descriptors from now on
              tables = unicodedata.east_asian_width("\u4f60"), unicodedata.combining("\u0301")
              name = unicodedata.lookup("LATIN SMALL LETTER U WITH DIAERESIS")
              return f"{tables} {name == chr(252)} ".encode() + "b\u00fccher.example".encode("idna")

          async def next_items(self, req, task):
              async def one():
                  yield 1
              items = one()
              class Broken:
                  def __anext__(self):
                      raise ValueError("broken")
              told = [await anext(items, "end"), await anext(items, "end"), await anext(one())]
              for again in (lambda: anext(items), lambda: anext(Broken(), 0), lambda: anext(1, 2)):
                  try:
                      await again()
                  except Exception as error:
                      told.append(type(error).__name__)
              return str(told)

          async def chain(self, req, task):
              for _ in range(int(req)):
                  await asyncio.sleep(0)
              return req

      def init(cfg): return Handlers()
      """;

  @TempDir private static Path folder;
  private static PythonHost python;
  private static long handlers;

  @BeforeAll
  static void load() throws Exception {
    python = new PythonHost(folder);
    python.write("handlers.py", MODULE);
    handlers = python.load("handlers,init");
  }

  @AfterAll
  static void stop() throws Exception {
    python.unload(handlers);
    python.close();
  }

  @BeforeEach
  void clearLog() {
    python.log.clear();
  }

  private static String call(String method, String request) throws Exception {
    return python.call(handlers, method, request);
  }

  @ParameterizedTest
  @CsvSource({
    "at_once,           x",
    "gather,            0 1 2 3 4",
    "create_task,       012",
    "group,             012",
    "wait_for,          timeout",
    "timeout,           timeout",
    "to_thread,         other",
    "executor,          285",
    "from_thread,       from a thread",
    "queue,             01234",
    "call_later,        0123",
    "running,           True",
    "sync_loop,         True",
    "sync_run,          ranTrue",
    "returns_coroutine, x",
    "returns_awaitable, awaited",
    "returns_future,    future",
    "returns_task,      task",
    "streams,           True",
    "large_stream,      True",
    "sockets,           hello again",
    "closed_meanwhile,  told hello again",
    "removed_as_seen,   hello again",
    "resolve,           127.0.0.1",
    "cancels_itself,    1: handler \"cancels_itself\" was cancelled",
    "leaves,            1: left",
    "leaves_at_once,    1: left",
    "enter_fails,       entering caught finally entering",
    "body_fails,        3 None None body body caught None None",
    "lock_cancelled,    True",
    "names,             True",
    "idna,              '(''W'', 230) True xn--bcher-kva.example'",
    "wrong_type,        '1: handler \"wrong_type\" returned int; return bytes, str or None'",
  })
  void asyncio_works(String method, String reply) throws Exception {
    assertThat(call(method, "x")).isEqualTo(reply);
    assertThat(call("at_once", "y")).isEqualTo("y");
  }

  @Test
  void thousandSleeps_overlap() throws Exception {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      calls.add(python.start(handlers, "sleeps", "0.3"));
    }
    for (CompletableFuture<Reply> call : calls) {
      Reply reply = call.get(PythonHost.SECONDS, TimeUnit.SECONDS);
      assertThat(PythonHost.text(reply)).isEqualTo("slept");
    }
    assertThat(Integer.parseInt(call("peak", ""))).isGreaterThan(100);
  }

  @Test
  void contextVariables_areATasksOwn() throws Exception {
    CompletableFuture<Reply> first = python.start(handlers, "contexts", "a");
    CompletableFuture<Reply> second = python.start(handlers, "contexts", "b");
    assertThat(PythonHost.text(first.get(PythonHost.SECONDS, TimeUnit.SECONDS)))
        .isEqualTo("unset a");
    assertThat(PythonHost.text(second.get(PythonHost.SECONDS, TimeUnit.SECONDS)))
        .isEqualTo("unset b");
  }

  @Test
  void otherCalls_runBetweenTheStepsOfALongOne() throws Exception {
    CompletableFuture<Reply> chain = python.start(handlers, "chain", "20000");
    assertThat(call("at_once", "x")).isEqualTo("x");
    assertThat(PythonHost.text(chain.get(PythonHost.SECONDS, TimeUnit.SECONDS))).isEqualTo("20000");
  }

  @Test
  void cancelled_handlerIsCancelled_andItsTaskAnswered() throws Exception {
    CompletableFuture<Reply> never = python.start(handlers, "never", "");
    CompletableFuture<Reply> stubborn = python.start(handlers, "stubborn", "");
    assertThat(call("at_once", "x")).isEqualTo("x");
    python.host.cancel(never, CancelReason.CLIENT_GONE);
    python.host.cancel(stubborn, CancelReason.TIMEOUT);
    never.get(PythonHost.SECONDS, TimeUnit.SECONDS);
    stubborn.get(PythonHost.SECONDS, TimeUnit.SECONDS);
    python.awaitLog("INFO [py:handlers] never ended True");
    assertThat(python.host.unanswered()).isZero();
    assertThat(python.log).noneMatch(entry -> entry.startsWith("ERROR"));
  }

  @Test
  void waitingThatFails_isLogged_andBeginsAnew() throws Exception {
    assertThat(call("waiting_fails", "")).isEqualTo("hello again");
    assertThat(python.log)
        .anyMatch(
            entry ->
                entry.startsWith("ERROR [py:handlers] waiting for file descriptors failed")
                    && entry.contains("cannot wait"));
    assertThat(call("sockets", "")).isEqualTo("hello again");
    assertThat(call("streams", "")).isEqualTo("True");
  }

  /** Else a socket counts as ready to be written to that what was seen before has filled since. */
  @Test
  void descriptorsThatAreReady_areHandled_beforeTheyAreAskedAgain() throws Exception {
    assertThat(call("handled_first", "")).isEqualTo("[True, 1, False, 1]");
  }

  @Test
  void failureInAGroup_tellsTheOnesInIt() throws Exception {
    assertThat(call("group_fails", "")).contains("unhandled errors in a TaskGroup");
    assertThat(python.log.getLast())
        .contains("ExceptionGroup", "ValueError: in the group")
        .doesNotContain("resty-polyglot>");
  }

  @Test
  void surrogate_isAClearError() throws Exception {
    assertThat(call("surrogate", "")).contains("lone surrogate \\udc00 at position 0");
  }

  @ParameterizedTest
  @CsvSource({
    "rc_raises,     1: text",
    "rc_is_odd,     7: text",
    "notes,         1: text",
    "syntax_text,   '1: text (file.py, line 1)'",
    "syntax_offset, '1: text (file.py, line 1)'",
    "syntax_file,   1: text (line 1)",
    "chain,         1: number 4999",
    "groups,        1: group (1 sub-exception)",
  })
  void failureThatIsHardToTell_isAnswered(String failure, String reply) throws Exception {
    assertThat(call("fails_oddly", failure)).isEqualTo(reply);
    assertThat(python.log.getFirst())
        .startsWith("ERROR [py:handlers] ")
        .contains("odd_failures[req.decode()]()");
    assertThat(python.log.getFirst().length()).isLessThan(20_000);
  }

  @Test
  void failureThatNobodyAwaits_isLogged() throws Exception {
    assertThat(call("background_fails", "")).isEqualTo("nil");
    python.awaitLog("ZeroDivisionError");
    assertThat(python.log).anyMatch(entry -> entry.startsWith("ERROR [py:handlers] asyncio: "));
  }

  @Test
  void failureInAThread_isLogged() throws Exception {
    assertThat(call("thread_fails", "")).isEqualTo("nil");
    assertThat(python.log)
        .anyMatch(
            entry ->
                entry.startsWith("ERROR [py:handlers] Exception in thread worker:")
                    && entry.contains("ValueError: in a thread"));
  }

  @Test
  void anext_hasADefault() throws Exception {
    assertThat(python.call(handlers, "next_items", ""))
        .isEqualTo("[1, 'end', 1, 'StopAsyncIteration', 'ValueError', 'TypeError']");
  }
}
