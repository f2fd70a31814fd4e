package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest may do, and what it may not. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class TrustTest {
  /** Evaluates the request, after the statements before its last line. */
  private static final String EVALUATES =
      """
      def handler(req, task):
          *statements, expression = req.decode().split(";")
          names = {}
          for statement in statements: exec(statement, names)
          return str(eval(expression, names))
      def init(cfg): return handler
      """;

  @TempDir private Path folder;
  private PythonHost python;

  @BeforeEach
  void start() throws Exception {
    python = new PythonHost(folder);
    python.write("m.py", EVALUATES);
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private long load(String... permissions) throws Exception {
    JsonArray names = new JsonArray();
    for (String permission : permissions) {
      names.add(permission);
    }
    JsonObject java = new JsonObject();
    java.add("java", names);
    JsonObject options = new JsonObject();
    options.add("permissions", java);
    return python.load("m,init", options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java;1",
        "import java.util;1",
        "from java.lang import Runtime;1",
        "__import__('java').type('java.lang.Runtime')",
      })
  void java_isRefused_namingThePermission(String code) throws Exception {
    long queue = load();
    assertThat(python.call(queue, "m", code))
        .startsWith("1: import java")
        .contains("permissions = {java = {");
    python.unload(queue);
  }

  @Test
  void java_isOpenByName() throws Exception {
    long queue = load("java.util.ArrayList", "java.time.*");
    assertThat(
            python.call(
                queue, "m", "import java;l = java.type('java.util.ArrayList')();l.add(5);l.size()"))
        .isEqualTo("1");
    assertThat(python.call(queue, "m", "from java.util import ArrayList;ArrayList().isEmpty()"))
        .isEqualTo("True");
    assertThat(
            python.call(
                queue, "m", "import java;java.type('java.time.Duration').ofSeconds(61).toString()"))
        .isEqualTo("PT1M1S");
    assertThat(python.call(queue, "m", "import java;java.type('java.lang.Runtime')"))
        .startsWith("1: Java class java.lang.Runtime is not open")
        .contains("permissions = {java = {\"java.lang.Runtime\"}}");
    assertThat(python.call(queue, "m", "from java.lang import Runtime;Runtime")).startsWith("1: ");
    python.unload(queue);
  }

  @Test
  void java_thatIsOpen_doesNotOpenReflection() throws Exception {
    long queue = load("java.util.ArrayList");
    assertThat(
            python.call(
                queue,
                "m",
                "import java;c = java.type('java.util.ArrayList')().getClass();"
                    + "c.forName('java.lang.Runtime')"))
        .startsWith("1: ");
    python.unload(queue);
  }

  @Test
  void theTask_isNoJavaObjectToTheGuest() throws Exception {
    python.write(
        "task.py",
        "def init(cfg): return lambda req, task: repr([n for n in dir(task._ref) if 'fail' in n])");
    JsonObject options = new JsonObject();
    long queue = python.load("task,init", options);
    assertThat(python.call(queue, "m")).isEqualTo("[]");
    python.unload(queue);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import _ctypes;1",
        "import ctypes;ctypes.CDLL(None)",
        "import ctypes;ctypes.cdll.LoadLibrary('libc.so.6')",
        "import ctypes;ctypes.pythonapi.PyErr_Clear",
        "import ctypes;ctypes.string_at(0)",
        "import ctypes;(ctypes.c_byte * 4)()",
        "import ctypes;ctypes.c_int.from_address(0)",
        "import ctypes.wintypes;1",
      })
  void nativeAccess_isRefused(String code) throws Exception {
    long queue = load();
    assertThat(python.call(queue, "m", code))
        .startsWith("1: ")
        .contains("needs native access", "permissions = {native = {\"ctypes\"}}");
    python.unload(queue);
  }

  @Test
  void nativeAccess_isOpenByName() throws Exception {
    JsonArray names = new JsonArray();
    names.add("ctypes");
    JsonObject permissions = new JsonObject();
    permissions.add("native", names);
    JsonObject options = new JsonObject();
    options.add("permissions", permissions);
    long queue = python.load("m,init", options);
    assertThat(python.call(queue, "m", "import ctypes;ctypes.CDLL(None).abs(-5)")).isEqualTo("5");
    assertThat(python.call(queue, "m", "import ctypes;ctypes.CDLL('libm.so.6').abs(-6)"))
        .isEqualTo("6");
    assertThat(python.call(queue, "m", "import ctypes;ctypes.CDLL('nonexist.so')"))
        .contains("nonexist.so: cannot open shared object file");
    python.unload(queue);
  }

  @Test
  void otherGuestsAndLanguages_areOutOfReach() throws Exception {
    long queue = load();
    assertThat(
            python.call(queue, "m", "import polyglot;polyglot.eval(language='python', string='1')"))
        .startsWith("1: ");
    assertThat(python.call(queue, "m", "import polyglot;polyglot.export_value('x', 1)"))
        .startsWith("1: ");
    python.unload(queue);
  }

  @Test
  void signals_areNginxs() throws Exception {
    long queue = load();
    for (String call :
        List.of("signal(10, print)", "raise_signal(10)", "alarm(1)", "setitimer(0, 1)")) {
      assertThat(python.call(queue, "m", "import signal;signal." + call))
          .startsWith("1: signal." + call.replaceAll("\\(.*", ": signals are not possible"));
    }
    assertThat(
            python.call(
                queue,
                "m",
                "import asyncio;asyncio.get_event_loop().add_signal_handler(10, print)"))
        .startsWith("1: loop.add_signal_handler: signals are not possible");
    python.unload(queue);
  }

  @Test
  void filesNetworkEnvironment_areOpen() throws Exception {
    long queue = load();
    assertThat(python.call(queue, "m", "open('" + folder + "/m.py').readline()"))
        .isEqualTo("def handler(req, task):\n");
    assertThat(python.call(queue, "m", "import os;os.environ['PATH']"))
        .isEqualTo(System.getenv("PATH"));
    assertThat(
            python.call(
                queue,
                "m",
                "import socket;s = socket.create_server(('127.0.0.1', 0));"
                    + "c = socket.create_connection(s.getsockname());a, _ = s.accept();"
                    + "c.sendall(b'hello');a.recv(10)"))
        .isEqualTo("b'hello'");
    python.unload(queue);
  }

  @Test
  void processes_areRefused_namingTheReason() throws Exception {
    long queue = load();
    for (String code :
        List.of(
            "import subprocess;subprocess.run(['true'], check=True)",
            "import subprocess;subprocess.Popen('true', shell=True)",
            "import subprocess;subprocess.check_output(['true'])",
            "import os;os.system('true')",
            "import os;os.popen('true').read()",
            "import os;os.execv('/bin/true', ['true'])",
            "import os;os.execlp('true', 'true')",
            "import os;os.execvpe('true', ['true'], {})",
            "import os;os.fork()",
            "import os;os.posix_spawn('/bin/true', ['true'], {})",
            "import os;os.spawnv(os.P_WAIT, '/bin/true', ['true'])",
            "import posix;posix.system('true')",
            "import asyncio;asyncio.run(asyncio.create_subprocess_exec('true'))",
            "import asyncio;asyncio.run(asyncio.create_subprocess_shell('true'))",
            "import multiprocessing;multiprocessing.Process(target=print).start()",
            "import multiprocessing;multiprocessing.Pool(2)",
            "import concurrent.futures;concurrent.futures.ProcessPoolExecutor()")) {
      assertThat(python.call(queue, "m", code))
          .as(code)
          .startsWith("1: ")
          .contains("a guest cannot start processes, as nginx reaps every child of its workers");
    }
    assertThat(python.call(queue, "m", "import os;hasattr(os, 'fork')")).isEqualTo("False");
    assertThat(python.call(queue, "m", "import os;os.not_there"))
        .isEqualTo("1: module 'os' has no attribute 'not_there'");
    python.unload(queue);
  }

  @Test
  void whatGraalPysJavaBackendLacks_saysSo() throws Exception {
    long queue = load();
    for (String code :
        List.of(
            "import os;os.setsid()", "import os;os.chown('.', 0, 0)", "import os;os.openpty()")) {
      assertThat(python.call(queue, "m", code))
          .as(code)
          .startsWith("1: [Errno 38] " + code.replaceFirst(".*;(\\w+\\.).*", "$1"))
          .endsWith("GraalPy's Java backend of posix, which runtimes have, cannot do this");
    }
    for (String code : List.of("import os;os.kill(os.getpid(), 15)", "import os;os.killpg(1, 0)")) {
      assertThat(python.call(queue, "m", code)).as(code).contains("a guest cannot send signals");
    }
    for (String code :
        List.of(
            "import socket;socket.AF_UNIX",
            "import asyncio;asyncio.open_unix_connection('/x')",
            "import asyncio;asyncio.start_unix_server(print, '/x')")) {
      assertThat(python.call(queue, "m", code)).as(code).contains("there are no Unix sockets");
    }
    assertThat(python.call(queue, "m", "import socket;hasattr(socket, 'AF_UNIX')"))
        .isEqualTo("False");
    assertThat(python.call(queue, "m", "import socket;socket.not_there"))
        .isEqualTo("1: module 'socket' has no attribute 'not_there'");
    assertThat(python.call(queue, "m", "import asyncio;asyncio.not_there"))
        .isEqualTo("1: module 'asyncio' has no attribute 'not_there'");
    python.unload(queue);
  }

  @Test
  void filesOpenedToAppend_canBeRead() throws Exception {
    long queue = load();
    String file = "open('" + folder + "/appended', %s)";
    assertThat(
            python.call(
                queue,
                "m",
                "f = " + file.formatted("'a+'") + ";f.write('one ');f.seek(0);f.read()"))
        .isEqualTo("one ");
    assertThat(
            python.call(
                queue,
                "m",
                "f = "
                    + file.formatted("'ab+', buffering=0")
                    + ";g = "
                    + file.formatted("'ab+', buffering=0")
                    + ";f.seek(1);f.write(b'two ');g.write(b'three');f.seek(1);f.read(), f.tell()"))
        .isEqualTo("(b'ne two three', 13)");
    assertThat(
            python.call(
                queue,
                "m",
                "import os;os.chdir('"
                    + folder
                    + "');f = open('moved', 'a+');f.write('here')"
                    + ";f.flush();os.chdir('/');f.seek(0);f.read()"))
        .isEqualTo("here");
    assertThat(python.call(queue, "m", file.formatted("'a'") + ".read()"))
        .isEqualTo("1: not readable");
    python.unload(queue);
  }

  @ParameterizedTest
  @ValueSource(strings = {"w+b", "r+b", "a+b"})
  void truncate_makesFilesLonger_too(String mode) throws Exception {
    Path file = Files.writeString(folder.resolve("sized"), "");
    long queue = load();
    assertThat(
            python.call(
                queue,
                "m",
                "f = open('%s', '%s', buffering=0)".formatted(file, mode)
                    + ";f.write(b'abc');f.truncate(6);at = f.tell()"
                    + ";f.seek(0);whole = f.read();f.truncate(2);end = f.tell();f.seek(0);whole, at, end, f.read()"))
        .isEqualTo("(b'abc\\x00\\x00\\x00', 3, 6, b'ab')");
    python.unload(queue);
  }

  @Test
  void foldersHaveTheModeTheyAreMadeWith() throws Exception {
    long queue = load();
    for (String code :
        List.of(
            "import os, tempfile;name = tempfile.mkdtemp();mode = os.stat(name).st_mode"
                + ";os.rmdir(name);oct(mode)",
            "import os;os.mkdir('"
                + folder
                + "/own', 0o700);oct(os.stat('"
                + folder
                + "/own').st_mode)",
            "import os;os.makedirs('"
                + folder
                + "/a/b', mode=0o700)"
                + ";oct(os.stat('"
                + folder
                + "/a/b').st_mode)")) {
      assertThat(python.call(queue, "m", code)).as(code).isEqualTo("0o40700");
    }
    String open =
        "import os;os.mkdir('" + folder + "/open');oct(os.stat('" + folder + "/open').st_mode)";
    assertThat(python.call(queue, "m", open)).isIn("0o40755", "0o40775", "0o40777", "0o40700");
    assertThat(python.call(queue, "m", "import os;os.mkdir('" + folder + "/own', 0o700)"))
        .startsWith("1: [Errno 17] File exists");
    python.unload(queue);
  }

  @Test
  void links_areReadOnce_andMadeInOrder() throws Exception {
    long queue = load();
    String prepare =
        "import os, pathlib;os.chdir('" + folder + "');open('file', 'w').close();os.symlink(";
    assertThat(python.call(queue, "m", prepare + "'file', 'soft');os.readlink('soft')"))
        .isEqualTo("file");
    assertThat(python.call(queue, "m", prepare + "'soft', 'second');os.readlink(b'second')"))
        .isEqualTo("b'soft'");
    assertThat(python.call(queue, "m", prepare + "'x', 'ends');os.path.realpath('ends')"))
        .isEqualTo(folder.toRealPath() + "/x");
    assertThat(python.call(queue, "m", "import os;os.readlink('file')"))
        .startsWith("1: [Errno 22]");
    assertThat(python.call(queue, "m", "import os;os.readlink('nowhere')"))
        .startsWith("1: [Errno 2]");
    assertThat(python.call(queue, "m", "import os;os.readlink('a\\0b')"))
        .startsWith("1: [Errno 22]");
    String hard = "import os, pathlib;pathlib.Path('hard').hardlink_to('file');";
    assertThat(python.call(queue, "m", hard + "os.path.samefile('hard', 'file')"))
        .isEqualTo("True");
    assertThat(python.call(queue, "m", hard)).startsWith("1: [Errno 17]").contains("'file'");
    assertThat(python.call(queue, "m", "import os;os.link('nowhere', 'other')"))
        .startsWith("1: [Errno 2]");
    python.unload(queue);
  }
}
