package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nobody catches, and what tells of it: whole entries, with the frames that CPython has. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class TracebacksTest {
  private static final String MODULE =
      """
      import asyncio, logging, sys, threading, time, traceback, warnings, weakref
      import _thread
      from concurrent.futures import ThreadPoolExecutor

      log = logging.getLogger("app")

      def fail():
          raise ValueError("deep")

      async def later():
          await asyncio.sleep(0.001)
          fail()

      class Says:
          def uncaught_in_thread(self, req, task):
              thread = threading.Thread(target=fail, name="worker")
              thread.start()
              thread.join()

          def uncaught_in_raw_thread(self, req, task):
              _thread.start_new_thread(fail, ())

          def excepthook(self, req, task):
              try:
                  fail()
              except ValueError:
                  sys.excepthook(*sys.exc_info())

          def unraisable(self, req, task):
              error = ValueError("deep")
              sys.unraisablehook(Unraisable(error))

          async def callback(self, req, task):
              asyncio.get_running_loop().call_soon(fail)

          def logging_error(self, req, task):
              log.warning("%d", "no number")

          def warned(self, req, task):
              warnings.warn("careful")

          def captured(self, req, task):
              logging.captureWarnings(True)
              try:
                  warnings.warn("careful, too")
              finally:
                  logging.captureWarnings(False)

          async def awaited(self, req, task):
              await later()

          async def executor(self, req, task):
              await asyncio.to_thread(fail)

          async def timeout(self, req, task):
              async with asyncio.timeout(0.001):
                  await asyncio.sleep(60)

          async def group(self, req, task):
              async with asyncio.TaskGroup() as group:
                  group.create_task(later())

          def imports(self, req, task):
              import broken

          def syntax(self, req, task):
              import unparsable

          def systemerror(self, req, task):
              raise SystemError("text\\n\\nJava stack trace:\\norg.restypolyglot.Frame")

          async def logged(self, req, task):
              try:
                  await asyncio.to_thread(fail)
              except ValueError:
                  log.exception("caught")

          def stack(self, req, task):
              log.warning("here", stack_info=True)

          def format_stack(self, req, task):
              return "".join(traceback.format_stack())

          async def format_exc(self, req, task):
              try:
                  await later()
              except ValueError:
                  return traceback.format_exc()

          def raised_again(self, req, task):
              try:
                  fail()
              except ValueError as error:
                  raise error

      class Unraisable:
          def __init__(self, error):
              self.exc_type = type(error)
              self.exc_value = error
              self.err_msg = None
              self.object = fail

      def init(cfg):
          return Says()
      """;

  @TempDir private static Path folder;
  private static PythonHost python;
  private static long says;

  @BeforeAll
  static void load() throws Exception {
    python = new PythonHost(folder);
    python.write("says.py", MODULE);
    python.write("broken.py", "def at_import():\n    1 / 0\nat_import()\n");
    python.write("unparsable.py", "x = 1\ndef f(:\n");
    says = python.load("says,init");
  }

  @AfterAll
  static void stop() throws Exception {
    python.unload(says);
    python.close();
  }

  @BeforeEach
  void clearLog() {
    python.log.clear();
  }

  /** The entries of the log, as their lines without source lines and places. */
  private static List<List<String>> said() {
    return python.log.stream()
        .map(
            entry ->
                entry
                    .replace("[py:says] ", "")
                    .replace(folder + "/", "")
                    .replaceAll("File \"/[^\"]*/python3.12/", "File \"")
                    .replaceAll("0x\\p{XDigit}+", "0x1")
                    .lines()
                    .filter(line -> !line.matches(" {4}\\S.*| +[\\^~]+")) // of a source
                    .map(line -> line.replaceAll(" line \\d+,", ""))
                    .toList())
        .toList();
  }

  private static List<String> trace(String method) throws Exception {
    assertThat(python.call(says, method)).startsWith("1: ");
    assertThat(said()).hasSize(1);
    return said().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "uncaught_in_thread,     Exception in thread worker:",
    "uncaught_in_raw_thread, Exception ignored in thread started by: <function fail at 0x1>",
    "excepthook,             Traceback (most recent call last):",
    "callback,               asyncio: Exception in callback fail() at says.py:7",
  })
  void whatNobodyCatches_isOneErrorEntry(String method, String begin) throws Exception {
    assertThat(python.call(says, method)).isEqualTo("nil");
    python.awaitLog("ValueError: deep");
    assertThat(said()).hasSize(1);
    assertThat(said().getFirst().getFirst()).isEqualTo("ERROR " + begin);
    assertThat(said().getFirst()).endsWith("  File \"says.py\", in fail", "ValueError: deep");
    assertThat(python.log.getFirst()).doesNotContain("<resty-polyglot>");
  }

  @Test
  void whatCannotBeRaised_isOneErrorEntry() throws Exception {
    assertThat(python.call(says, "unraisable")).isEqualTo("nil");
    assertThat(said())
        .containsExactly(
            List.of("ERROR Exception ignored in: <function fail at 0x1>", "ValueError: deep"));
  }

  @Test
  void recordThatCannotBeFormatted_isOneErrorEntry() throws Exception {
    assertThat(python.call(says, "logging_error")).isEqualTo("nil");
    assertThat(said()).hasSize(1);
    assertThat(said().getFirst())
        .startsWith("ERROR --- Logging error ---", "Traceback (most recent call last):")
        .endsWith(
            "TypeError: %d format: a real number is required, not str",
            "Logged by:",
            "  File \"says.py\", in logging_error",
            "Message: '%d'",
            "Arguments: ('no number',)");
  }

  @Test
  void warnings_areOneEntry_atWarn() throws Exception {
    python.call(says, "warned");
    python.call(says, "captured");
    assertThat(python.log)
        .map(entry -> entry.replace("[py:says] ", "").replace(folder + "/", ""))
        .containsExactly(
            "WARN says.py:40: UserWarning: careful\n  warnings.warn(\"careful\")",
            "WARN py.warnings: says.py:45: UserWarning: careful, too\n"
                + "  warnings.warn(\"careful, too\")");
  }

  @Test
  void traceback_ofCoroutines_hasEachFrameOnce() throws Exception {
    assertThat(trace("awaited"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in awaited",
            "  File \"says.py\", in later",
            "  File \"says.py\", in fail",
            "ValueError: deep");
    python.log.clear();
    assertThat(trace("executor"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in executor",
            "  File \"asyncio/threads.py\", in to_thread",
            "  File \"concurrent/futures/thread.py\", in run",
            "  File \"says.py\", in fail",
            "ValueError: deep");
  }

  @Test
  void traceback_ofCausesAndGroups_hasEachFrameOnce() throws Exception {
    assertThat(trace("timeout"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in timeout",
            "  File \"asyncio/tasks.py\", in sleep",
            "asyncio.exceptions.CancelledError",
            "",
            "The above exception was the direct cause of the following exception:",
            "",
            "Traceback (most recent call last):",
            "  File \"says.py\", in timeout",
            "  File \"asyncio/timeouts.py\", in __aexit__",
            "TimeoutError");
    python.log.clear();
    assertThat(trace("group"))
        .containsSubsequence(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in group",
            "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
            "  | Traceback (most recent call last):",
            "  |   File \"says.py\", in later",
            "  |   File \"says.py\", in fail",
            "  | ValueError: deep")
        .doesNotContain("  |   File \"asyncio/tasks.py\", in __step_run_and_handle_result");
  }

  @Test
  void traceback_ofImports_hasNoImporter() throws Exception {
    assertThat(trace("imports"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in imports",
            "  File \"broken.py\", in <module>",
            "  File \"broken.py\", in at_import",
            "ZeroDivisionError: division by zero");
    python.log.clear();
    assertThat(trace("syntax"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in syntax",
            "  File \"unparsable.py\", line 2",
            "SyntaxError: '(' was never closed");
  }

  @Test
  void traceback_ofTheEnginesFailure_hasNoJava() throws Exception {
    assertThat(trace("systemerror")).endsWith("SystemError: text");
  }

  @Test
  void traceback_thatIsRaisedAgain_isAsItWas() throws Exception {
    assertThat(trace("raised_again"))
        .containsExactly(
            "ERROR Traceback (most recent call last):",
            "  File \"says.py\", in raised_again",
            "  File \"says.py\", in raised_again",
            "  File \"says.py\", in fail",
            "ValueError: deep");
  }

  @Test
  void tracebacksOfTheStandardLibrary_areTheSame() throws Exception {
    python.call(says, "logged");
    python.call(says, "stack");
    assertThat(said())
        .containsExactly(
            List.of(
                "ERROR app: caught",
                "Traceback (most recent call last):",
                "  File \"says.py\", in logged",
                "  File \"asyncio/threads.py\", in to_thread",
                "  File \"concurrent/futures/thread.py\", in run",
                "  File \"says.py\", in fail",
                "ValueError: deep"),
            List.of(
                "WARN app: here",
                "Stack (most recent call last):",
                "  File \"says.py\", in stack"));
    assertThat(python.call(says, "format_stack"))
        .matches("(?s)  File \"[^\"]*says.py\", line \\d+, in format_stack\n[^\n]*\n");
    assertThat(python.call(says, "format_exc").lines().filter(line -> line.startsWith("  File")))
        .hasSize(3);
  }
}
