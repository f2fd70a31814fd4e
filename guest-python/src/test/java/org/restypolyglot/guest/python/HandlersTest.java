package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** What handlers get, return and raise; none of them needs asyncio. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HandlersTest {
  private static final String MODULE =
      """
      import array
      import functools
      import sys
      import _thread

      class Custom(Exception):
          pass

      class Text(str):
          def __str__(self): return "for people"

      class Silent(Exception):
          rc = 5

          def __str__(self):
              raise ValueError("not even this")

      def raise_rc(rc):
          error = Custom("with rc")
          error.rc = rc
          raise error

      class Base:
          def inherited(self, req, task): return b"inherited"

      class Handlers(Base):
          Nested = Base

          def __init__(self):
              self.own = lambda req, task: b"first"
              self.kept = None

          def one(self, req): return b"one " + req
          def default(self, req, task=None): return task.method
          def many(self, *args): return str(len(args))

          @staticmethod
          def static(req, task): return b"static"

          @classmethod
          def cls(cls, req, task): return cls.__name__

          @property
          def computed(self): raise RuntimeError("a property is no method")

          @functools.lru_cache
          def cached(self, req): return req

          def change(self, req, task): self.own = lambda req, task: b"second"
          def type(self, req, task): return type(req).__name__
          def bytearray(self, req, task): return bytearray(req)
          def memoryview(self, req, task): return memoryview(req)
          def strided(self, req, task): return memoryview(req)[::2]
          def array(self, req, task): return array.array("i", [1, 2])
          def subclass(self, req, task): return type("Bytes", (bytes,), {})(req)
          def strsub(self, req, task): return Text("sub")
          def surrogate(self, req, task): return "a\\ud800b"
          def zero(self, req, task): return "a\\0b"
          def big(self, req, task): return "ä" * 3_000_000
          def none(self, req, task): return None
          def result(self, req, task): return eval(req)
          def rc(self, req, task): raise_rc(eval(req))
          def silent(self, req, task): raise Silent()
          def unnamed(self, req, task): raise Custom()
          def leaves(self, req, task): sys.exit(3)
          def quits(self, req, task): exit("quit " + sys.argv[0])
          def interrupt(self, req, task): raise KeyboardInterrupt("stop")
          def base(self, req, task): raise BaseException("base")
          def generator(self, req, task): yield req
          def wrong(self): pass
          def stdin(self, req, task): return repr(sys.stdin.read())
          def deadline(self, req, task):
              import time
              return str(0 < task.deadline - time.monotonic() <= 120) + str(task.cancelled)

          def keep(self, req, task):
              before, self.kept = self.kept, req
              return before

          def chained(self, req, task):
              try:
                  raise_rc(1)
              except Custom as error:
                  raise ValueError("outer") from error

          def group(self, req, task):
              raise ExceptionGroup("several", [ValueError("a"), TypeError("b")])

          def causes(self, req, task):
              error = None
              for n in range(int(req)):
                  cause, error = error, ValueError(f"number {n}")
                  error.__cause__ = cause
              raise error

          def noted(self, req, task):
              error = ValueError("noted")
              error.add_note("a note")
              raise error

          def deep(self, req, task):
              def down(n):
                  if n == 0:
                      raise ValueError("deep")
                  down(n - 1)
              down(400)

          def memory(self, req, task):
              return b"x" * (1 << 62)

          def _joined(self, first, req, task): return first + req
          partial_method = functools.partialmethod(_joined, b"partial ")
          partial = functools.partial(lambda first, req, task: first + req, b"partial ")

          @functools.singledispatchmethod
          def dispatched(self, req, task): return b"dispatched"

          def leaves_without(self, req, task): sys.exit()

          async def coroutine(self): return b"x"

          def variable(self, req, task):
              import contextvars
              global variable
              if "variable" not in globals():
                  variable = contextvars.ContextVar("variable", default="unset")
              before = variable.get()
              variable.set(req.decode())
              return before

          def types(self, req, task):
              import resty_ffi
              from resty_ffi import Handler, Reply, Request, Task
              made = Task("made")
              return str((isinstance(task, Task), made.method, made.cancelled, made.deadline,
                          isinstance(req, Request), isinstance(req, Reply),
                          Handler.__module__, hasattr(resty_ffi, "other")))

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
    "one,        one x",
    "default,    default",
    "many,       2",
    "static,     static",
    "cls,        Handlers",
    "inherited,  inherited",
    "cached,     x",
    "type,       bytes",
    "bytearray,  x",
    "memoryview, x",
    "subclass,   x",
    "strsub,     sub",
    "none,       nil",
    "partial_method, partial x",
    "partial,    partial x",
    "dispatched, dispatched",
  })
  void handlersAndResults_ofEachForm(String method, String reply) throws Exception {
    assertThat(call(method, "x")).isEqualTo(reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Nested", "kept", "computed", "_x", "__class__", "missing", "own.x", "ünï", ""})
  void whatIsNoMethod_isListed(String method) throws Exception {
    assertThat(call(method, "x"))
        .startsWith("1: module \"handlers\" has no method \"" + method + "\"; it has: array, base,")
        .contains("inherited", "own")
        .doesNotContain("_x,", "Nested,", "computed,");
    assertThat(python.log).isEmpty();
  }

  @Test
  void attributeOfTheObject_mayChange() throws Exception {
    assertThat(call("own", "x")).isEqualTo("first");
    call("change", "x");
    assertThat(call("own", "x")).isEqualTo("second");
  }

  @Test
  void bytesLikeResults_areExact() throws Exception {
    assertThat(call("strided", "abcdef")).isEqualTo("ace");
    assertThat(python.call(handlers, "array", new byte[0]).bytes())
        .containsExactly(1, 0, 0, 0, 2, 0, 0, 0);
    assertThat(call("zero", "")).isEqualTo("a\0b");
    assertThat(python.call(handlers, "big", new byte[0]).bytes()).hasSize(6_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 255, 256, 8191, 8192, 8193, 65_536, 1_000_003})
  void requestOfEachSize_isExact(int size) throws Exception {
    byte[] request = new byte[size];
    for (int i = 0; i < size; i++) {
      request[i] = (byte) (i * 7 + (i >> 8));
    }
    assertThat(python.call(handlers, "memoryview", request).bytes()).isEqualTo(request);
    assertThat(python.call(handlers, "bytearray", request).bytes()).isEqualTo(request);
  }

  @Test
  void request_staysAfterTheReply() throws Exception {
    call("keep", "the first");
    assertThat(call("keep", "the second")).isEqualTo("the first");
  }

  @Test
  void standardInput_isAtItsEnd() throws Exception {
    assertThat(call("stdin", "not for sys.stdin")).isEqualTo("''");
    assertThat(call("one", "x")).isEqualTo("one x");
  }

  @Test
  void surrogate_isAClearError() throws Exception {
    assertThat(call("surrogate", ""))
        .isEqualTo(
            "1: handler \"surrogate\" returned a str that is not UTF-8: "
                + "lone surrogate \\ud800 at position 1");
  }

  @ParameterizedTest
  @CsvSource({
    "42,          int",
    "1.5,         float",
    "True,        bool",
    "object(),    object",
    "(),          tuple",
    "int,         type",
  })
  void resultOfAWrongType_isNamed(String expression, String type) throws Exception {
    assertThat(call("result", expression))
        .isEqualTo("1: handler \"result\" returned " + type + "; return bytes, str or None");
  }

  @ParameterizedTest
  @CsvSource({
    "[],                           list, json.dumps() makes a str of it",
    "{},                           dict, json.dumps() makes a str of it",
    "(x for x in []),              generator, 'b\"\".join() makes one reply of its parts'",
  })
  void resultOfAWrongType_comesWithAHint(String expression, String type, String hint)
      throws Exception {
    assertThat(call("result", expression))
        .isEqualTo(
            "1: handler \"result\" returned %s; return bytes, str or None (%s)"
                .formatted(type, hint));
  }

  @Test
  void generator_isNoResult() throws Exception {
    assertThat(call("generator", "x")).contains("returned generator");
  }

  @Test
  void contextVariables_ofASyncHandler_areOfOneCall() throws Exception {
    assertThat(call("variable", "a")).isEqualTo("unset");
    assertThat(call("variable", "b")).isEqualTo("unset");
  }

  @Test
  void restyFfi_hasTheTypes() throws Exception {
    assertThat(call("types", "x"))
        .isEqualTo("(True, 'made', False, None, True, True, 'resty_ffi', False)");
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "0, 1", "-3, -3", "True, 1", "str(7), 1", "1.5, 1", "1 << 40, 1", "None, 1"})
  void raising_rc(String expression, int rc) throws Exception {
    Reply reply = python.call(handlers, "rc", expression.getBytes(UTF_8));
    assertThat(reply.rc()).isEqualTo(rc);
    assertThat(new String(reply.bytes(), UTF_8)).isEqualTo("with rc");
  }

  @ParameterizedTest
  @CsvSource({
    "silent,    5: Silent",
    "unnamed,   1: Custom",
    "leaves,    1: 3",
    "quits,     '1: quit '",
    "interrupt, 1: stop",
    "base,      1: base",
    "leaves_without, 1: SystemExit",
  })
  void raising_anything_isAFailureOfThatCall(String method, String failure) throws Exception {
    assertThat(call(method, "x")).isEqualTo(failure);
    assertThat(call("one", "x")).isEqualTo("one x");
  }

  @Test
  void memoryError_isAFailureOfThatCall() throws Exception {
    assertThat(call("memory", "")).startsWith("1: ");
    assertThat(call("one", "x")).isEqualTo("one x");
  }

  @Test
  void wrongParameters_areAFailure() throws Exception {
    assertThat(call("wrong", "x")).startsWith("1: ").contains("wrong()").contains("argument");
  }

  @Test
  void traceback_hasTheUsersFramesOnly() throws Exception {
    call("rc", "1");
    String file = folder.resolve("handlers.py").toString();
    assertThat(python.log)
        .singleElement()
        .asString()
        .isEqualTo(
            """
            ERROR [py:handlers] Traceback (most recent call last):
            [py:handlers]   File "%1$s", line 62, in rc
            [py:handlers]     def rc(self, req, task): raise_rc(eval(req))
            [py:handlers]   File "%1$s", line 21, in raise_rc
            [py:handlers]     raise error
            [py:handlers] handlers.Custom: with rc"""
                .formatted(file));
  }

  @Test
  void traceback_tellsCauses_groups_notes() throws Exception {
    call("chained", "");
    assertThat(python.log.getLast())
        .contains("handlers.Custom: with rc")
        .contains("The above exception was the direct cause of the following exception:")
        .contains("ValueError: outer");
    call("group", "");
    assertThat(python.log.getLast())
        .contains("ExceptionGroup: several (2 sub-exceptions)", "ValueError: a", "TypeError: b");
    call("noted", "");
    assertThat(python.log.getLast()).contains("ValueError: noted\n[py:handlers] a note");
  }

  @Test
  void traceback_ofManyCauses_tellsTheFirstAndTheLast() throws Exception {
    assertThat(call("causes", "5000")).isEqualTo("1: number 4999");
    assertThat(python.log.getLast())
        .contains("ValueError: number 0\n", "exceptions left out]", "ValueError: number 4999");
    call("causes", "3");
    assertThat(python.log.getLast())
        .containsSubsequence("Error: number 0\n", "Error: number 1\n", "Error: number 2")
        .doesNotContain("left out");
  }

  @Test
  void traceback_ofDeepRecursion_isShort() throws Exception {
    assertThat(call("deep", "")).isEqualTo("1: deep");
    assertThat(python.log.getLast().lines().count()).isLessThan(220);
    assertThat(python.log.getLast()).contains("in down").contains("ValueError: deep");
  }

  @Test
  void task_hasADeadline() throws Exception {
    assertThat(call("deadline", "")).isEqualTo("TrueFalse");
  }
}
