package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Python says, as lines of the log. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LoggingTest {
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

  /** Runs the handler whose body is {@code code}; returns what was logged meanwhile. */
  private List<String> said(String before, String code) throws Exception {
    python.write(
        "says.py",
        before + "def handler(req, task):\n" + code.indent(4) + "def init(cfg): return handler\n");
    long queue = python.load("says?,init");
    python.log.clear();
    assertThat(python.call(queue, "m")).isEqualTo("nil");
    python.unload(queue);
    return python.log.stream().map(entry -> entry.replace("[py:says] ", "")).toList();
  }

  @Test
  void print_isInfo_standardErrorIsWarn_lineByLine() throws Exception {
    assertThat(
            said(
                "import os, sys, warnings\n",
                """
                print("one", 2)
                print("two\\nthree", end="")
                print(" more")
                print("to stderr", file=sys.stderr)
                sys.stdout.write("half ")
                sys.stdout.flush()
                sys.stdout.write("a line\\n")
                sys.stdout.buffer.write(b"bytes \\xff\\n")
                os.write(1, b"descriptor\\n")
                print("ü ✓ \\ud800")
                warnings.warn("careful")
                print("no end", end="")
                """))
        .containsExactly(
            "INFO one 2",
            "INFO two",
            "INFO three more",
            "WARN to stderr",
            "INFO half a line",
            "INFO bytes \ufffd",
            "INFO descriptor",
            "INFO ü ✓ \\ud800",
            "WARN " + folder + "/says.py:13: UserWarning: careful\n  warnings.warn(\"careful\")",
            "INFO no end");
  }

  @Test
  void logging_withoutConfiguration_hasItsLevels() throws Exception {
    assertThat(
            said(
                "import logging\nlog = logging.getLogger('app.part')\n",
                """
                log.debug("not shown")
                log.info("info %s", 1)
                log.warning("warning")
                log.error("error")
                log.critical("critical")
                logging.warning("root")
                try:
                    1 / 0
                except ZeroDivisionError:
                    log.exception("caught")
                """))
        .startsWith(
            "INFO app.part: info 1",
            "WARN app.part: warning",
            "ERROR app.part: error",
            "ERROR app.part: critical",
            "WARN root")
        .anyMatch(
            entry ->
                entry.startsWith("ERROR app.part: caught\nTraceback (most recent")
                    && entry.endsWith("ZeroDivisionError: division by zero"));
  }

  @Test
  void logging_withBasicConfig_andOwnHandlers() throws Exception {
    assertThat(
            said(
                """
                import logging, sys, io
                logging.basicConfig(level=logging.DEBUG)
                own = logging.getLogger("own")
                own.propagate = False
                handler = logging.StreamHandler()
                handler.setFormatter(logging.Formatter("<%(levelname)s %(message)s>"))
                own.addHandler(handler)
                memory = io.StringIO()
                other = logging.getLogger("other")
                other.propagate = False
                other.addHandler(logging.StreamHandler(memory))
                """,
                """
                logging.debug("debug")
                logging.getLogger("app").info("info")
                own.error("mine")
                other.error("elsewhere")
                print(repr(memory.getvalue()))
                """))
        .containsExactly(
            "DEBUG debug", "INFO app: info", "ERROR <ERROR mine>", "INFO 'elsewhere\\n'");
  }

  @Test
  void whatStandsForTheStreams_getsWhatTheyWould() throws Exception {
    python.write(
        "redirected.py",
        """
        import contextlib, io, logging, os, sys, tempfile, threading

        def handle(req, task):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                log = logging.Logger("redirected")
                handler = logging.StreamHandler(sys.stdout)
                handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
                log.addHandler(handler)
                log.warning("told")
                log.warning("%d", "no number")
                def bad(): raise KeyError("in a thread")
                thread = threading.Thread(target=bad, name="worker")
                thread.start()
                thread.join()
            lines = err.getvalue().splitlines()
            return out.getvalue() + "\\n".join(line for line in lines if line[:1] != " ")

        def to_file(req, task):
            with tempfile.TemporaryDirectory() as folder:
                name = os.path.join(folder, "log")
                logging.basicConfig(filename=name, force=True)
                logging.warning("to a file")
                logging.shutdown()
                with open(name) as file:
                    return file.read()

        class Handlers: pass

        def init(cfg):
            handlers = Handlers()
            handlers.handle, handlers.to_file = handle, to_file
            return handlers
        """);
    long queue = python.load("redirected,init");
    python.log.clear();
    assertThat(python.call(queue, "handle", ""))
        .isEqualTo(
            """
            WARNING told
            --- Logging error ---
            Traceback (most recent call last):
            TypeError: %d format: a real number is required, not str
            Call stack:
            Message: '%d'
            Arguments: ('no number',)
            Exception in thread worker:
            Traceback (most recent call last):
            KeyError: 'in a thread'""");
    assertThat(python.log).isEmpty();
    assertThat(python.call(queue, "to_file", "")).isEqualTo("WARNING:root:to a file\n");
    python.unload(queue);
  }

  @Test
  void linesOfThreads_areWhole() throws Exception {
    List<String> lines =
        said(
            "import threading\n",
            """
            def say(n):
                for i in range(200):
                    print("thread", n, "says", i)
            threads = [threading.Thread(target=say, args=(n,)) for n in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """);
    assertThat(lines).hasSize(800).allMatch(line -> line.matches("INFO thread \\d says \\d+"));
  }

  @Test
  void closedStreams_harmNothing() throws Exception {
    assertThat(
            said(
                "import os, sys\n",
                """
                os.close(0)
                sys.stdin.close()
                os.close(1)
                """))
        .isEmpty();
    python.write(
        "says.py",
        """
        import os
        for fd in range(100):
            try:
                os.close(fd)
            except OSError:
                pass
        def init(cfg): return lambda req, task: req
        """);
    long queue = python.load("says?,init");
    byte[] request = {0, 1, 127, (byte) 128, (byte) 255, 10};
    assertThat(python.call(queue, "m", request).bytes()).isEqualTo(request);
    assertThat(python.call(queue, "m", request).bytes()).isEqualTo(request);
    python.unload(queue);
  }
}
