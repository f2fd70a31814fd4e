package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How modules are found and read. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ModulesTest {
  private static final String ECHO = "def init(cfg): return lambda req, task: %s\n";

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

  /** Loads, calls once, unloads. */
  private String reply(String spec) throws Exception {
    long queue = python.load(spec);
    String reply = python.call(queue, "m", "x");
    python.unload(queue);
    return reply;
  }

  @Test
  void packages_relativeImports_namespaces_resources() throws Exception {
    python.write("app/__init__.py", "name = __name__\n");
    python.write("app/part/__init__.py", "from .. import name\nfrom .leaf import leaf\n");
    python.write("app/part/leaf.py", "leaf = __name__\n");
    python.write("space/inner.py", "where = __name__\n");
    python.write("app/data.txt", "data");
    python.write(
        "app/main.py",
        """
        import pkgutil
        import space.inner
        from . import part, name
        from .part.leaf import leaf

        def init(cfg):
            data = pkgutil.get_data("app", "data.txt").decode()
            modules = [m.name for m in pkgutil.iter_modules(__import__("app").__path__)]
            text = " ".join([name, part.leaf, leaf, space.inner.where, data, *modules, __file__])
            return lambda req, task: text
        """);
    assertThat(reply("app.main,init"))
        .isEqualTo(
            "app app.part.leaf app.part.leaf space.inner data main part "
                + folder
                + "/app/main.py");
    assertThat(reply("app/main,init")).startsWith("app app.part.leaf");
    assertThat(reply("./app/main.py,init")).startsWith("app app.part.leaf");
  }

  @Test
  void absolutePath_isARootOfItsOwn() throws Exception {
    python.write("deep/down/alone.py", "import beside\n" + ECHO.formatted("beside.text"));
    python.write("deep/down/beside.py", "text = 'beside'\n");
    assertThat(reply(folder + "/deep/down/alone,init")).isEqualTo("beside");
  }

  @Test
  void folderNamedAsAStandardPackage_isFoundAllTheSame() throws Exception {
    python.write("json/echo.py", ECHO.formatted("req"));
    python.write("test/echo.py", ECHO.formatted("b'mine'"));
    assertThat(reply("test/echo,init")).isEqualTo("mine");
    assertThat(reply("json.echo,init")).isEqualTo("x");
  }

  @Test
  void nothingIsWrittenBesideTheUsersFiles() throws Exception {
    python.write("app/__init__.py", "");
    python.write("app/echo.py", ECHO.formatted("req"));
    assertThat(reply("app.echo,init")).isEqualTo("x");
    assertThat(reply("app.echo?,init")).isEqualTo("x");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("pyc"));
    }
  }

  @Test
  void staleBytecode_isNotUsed() throws Exception {
    python.write("echo.py", ECHO.formatted("req"));
    python.write("__pycache__/echo.graalpy250-312.pyc", "not bytecode at all");
    assertThat(reply("echo,init")).isEqualTo("x");
  }

  @Test
  void compiledLibrary_isNamedAfterItsPlace() throws Exception {
    python.write(
        "lib/deep/m.py",
        """
        class Nested:
            def fail(self): return (lambda: 1 / 0)()
        def where(): return [Nested.fail.__code__.co_filename, where.__code__.co_filename]
        """);
    python.write("lib/deep/plain.py", "text = 'not compiled'");
    python.write(
        "echo.py",
        """
        import os, py_compile, sys, types
        from _resty_polyglot import library
        folder = os.path.join(os.path.dirname(__file__), "lib")
        path = os.path.join(folder, "deep", "m.py")
        py_compile.compile(
            path,
            os.path.join(folder, "deep", "__pycache__", "m.resty-polyglot.pyc"),
            dfile="deep/m.py",
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        with open(path) as file: lines = file.read().replace("return [", "return ['source', ")
        with open(path, "w") as file: file.write(lines)
        host = types.SimpleNamespace(shared_code=lambda file: None, share_code=lambda *code: None)
        library.install(folder, host)
        sys.path.append(folder)
        from deep import m as module, plain
        assert plain.text == "not compiled"
        def handler(req, task):
            assert set(module.where()) == {path}, module.where()
            module.Nested().fail()
        def init(cfg): return handler
        """);
    assertThat(reply("echo,init")).isEqualTo("1: division by zero");
    String file = folder + "/lib/deep/m.py";
    assertThat(python.log.getLast())
        .contains("File \"" + file + "\", line 2, in fail\n")
        .contains("File \"" + file + "\", line 2, in <lambda>\n")
        .contains("def fail(self)");
  }

  @Test
  void withQuestionMark_importsAreFresh_without_theyAreNot() throws Exception {
    python.write("app/__init__.py", "");
    python.write("app/part.py", "text = 'one'\n");
    python.write("echo.py", "from app import part\n" + ECHO.formatted("part.text"));
    assertThat(reply("echo,init") + reply("echo?,init")).isEqualTo("oneone");
    python.write("app/part.py", "text = 'two'\n");
    assertThat(reply("echo,init") + reply("echo?,init")).isEqualTo("onetwo");
    Files.delete(folder.resolve("app/part.py"));
    assertThat(reply("echo,init")).isEqualTo("one");
  }

  /** The next context of a module imports early what the last one needed of the library. */
  @Test
  void withQuestionMark_aModuleOfTheUsers_takesTheNameOfAnEarlyOne() throws Exception {
    python.write("echo.py", "import json.decoder\n" + ECHO.formatted("json.decoder.__doc__[:9]"));
    assertThat(reply("echo?,init")).isEqualTo("Implement");
    assertThat(reply("echo?,init")).isEqualTo("Implement");
    python.write("json/__init__.py", "");
    python.write("json/decoder.py", "\"The user's decoder.\"");
    assertThat(reply("echo?,init")).isEqualTo("The user'");
  }

  @Test
  void withQuestionMark_whatIsNotImportedAnyMore_isNotImportedEarlyForEver() throws Exception {
    String tell =
        ECHO.formatted("str([m in sys.modules for m in ('colorsys', 'json', 'json.scanner')])");
    python.write("echo.py", "import sys, colorsys, json\n" + tell);
    assertThat(reply("echo?,init")).isEqualTo("[True, True, True]");
    python.write("echo.py", "import sys, json\n" + tell);
    reply("echo?,init"); // has it, as it was imported early
    for (int i = 0; i < 3; i++) {
      assertThat(reply("echo?,init")).isEqualTo("[False, True, True]");
    }
  }

  @Test
  void withQuestionMark_aModuleBesideAnAbsolutePath_takesTheNameOfAnEarlyOne() throws Exception {
    python.write("deep/echo.py", "import statistics\n" + ECHO.formatted("statistics.__doc__[:3]"));
    String spec = folder + "/deep/echo?,init";
    assertThat(reply(spec)).isNotEqualTo("The");
    python.write("deep/statistics.py", "\"The user's\"");
    assertThat(reply(spec)).isEqualTo("The");
  }

  /**
   * "types" is imported before the user's folders are there, in the first context as in later ones.
   */
  @Test
  void withQuestionMark_aNameThatTheLibraryHasTaken_staysTaken() throws Exception {
    python.write("types.py", "mine = 1");
    python.write("echo.py", "import types, json\n" + ECHO.formatted("str(hasattr(types, 'mine'))"));
    String first = reply("echo?,init");
    assertThat(reply("echo?,init")).isEqualTo(first);
  }

  @Test
  void tracebackOfACachedSource_showsTheLineThatRan() throws Exception {
    python.write("fails.py", "def init(cfg):\n    return lambda req, task: 1 / 0  # one\n");
    assertThat(reply("fails,init")).contains("division by zero");
    python.write("fails.py", "def init(cfg):\n    return lambda req, task: 1 / 0  # two\n");
    assertThat(reply("fails,init")).contains("division by zero");
    assertThat(python.log.getLast()).contains("# one").doesNotContain("# two");
    assertThat(reply("fails?,init")).contains("division by zero");
    assertThat(python.log.getLast()).contains("# two");
  }

  @Test
  void sysPath_canBeChanged_alsoByAZipFile() throws Exception {
    python.write("more/added.py", "text = 'added'\n");
    try (OutputStream out = Files.newOutputStream(folder.resolve("packed.zip"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("zipped.py"));
      zip.write("text = 'zipped'\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    python.write(
        "echo.py",
        """
        import os, sys
        here = os.path.dirname(__file__)
        sys.path += [os.path.join(here, "more"), os.path.join(here, "packed.zip")]
        import added, zipped
        """
            + ECHO.formatted("added.text + zipped.text"));
    assertThat(reply("echo,init")).isEqualTo("addedzipped");
  }

  @Test
  void sourceEncodings_areObeyed() throws Exception {
    Files.write(
        folder.resolve("latin.py"),
        ("# coding: latin-1\n" + ECHO.formatted("'ü'"))
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(reply("latin,init")).isEqualTo("ü");
    python.write("utf8.py", ECHO.formatted("'ü✓'"));
    assertThat(reply("utf8,init")).isEqualTo("ü✓");
  }

  @Test
  void optionsPath_comesFirst_andMayBeRelativeToThePrefix() throws Exception {
    python.write("echo.py", ECHO.formatted("b'prefix'"));
    python.write("lib/echo.py", ECHO.formatted("b'lib'"));
    JsonObject options = new JsonObject();
    options.addProperty("path", "lib:" + folder.resolve("absent"));
    long queue = python.load("echo,init", options);
    assertThat(python.call(queue, "m")).isEqualTo("lib");
    python.unload(queue);
    assertThat(reply("echo,init")).isEqualTo("prefix");
  }

  @Test
  void usersModule_mayHaveTheNameOfAStandardOne() throws Exception {
    python.write("logging.py", "text = 'my logging'\n");
    python.write("echo.py", "import logging\n" + ECHO.formatted("logging.text"));
    assertThat(reply("echo,init")).isEqualTo("my logging");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "importlib.util.find_spec('logging')",
        "importlib.util.find_spec('asyncio').loader.get_source('asyncio')",
        "importlib.util.module_from_spec(importlib.util.find_spec('logging'))",
        "importlib.reload(__import__('logging'))",
        "del __import__('sys').modules[__import__('logging').__name__]",
        "fail_once('logging')",
        "fail_once('asyncio')",
      })
  void importThatIsOnlyLookedFor_orFails_orIsRepeated_changesTheModuleAllTheSame(String before)
      throws Exception {
    python.write(
        "echo.py",
        """
        import importlib.util, sys
        def fail_once(name):
            sys.modules["weakref"] = None  # both import it
            try:
                __import__(name)
            except ImportError:
                pass
            else:
                raise AssertionError(name)
            finally:
                del sys.modules["weakref"]
        def init(cfg):
            BEFORE
            import asyncio, logging
            def handler(req, task):
                logging.info("at its level")
                return type(asyncio.get_event_loop()).__name__
            return handler
        """
            .replace("BEFORE", before));
    assertThat(reply("echo,init")).isEqualTo("RuntimeLoop");
    assertThat(python.log).contains("INFO [py:echo] at its level");
  }

  @Test
  void resources_areFound() throws Exception {
    python.write("app/__init__.py", "");
    python.write("app/data.txt", "data");
    python.write(
        "echo.py",
        "import importlib.resources\n"
            + ECHO.formatted("importlib.resources.files('app').joinpath('data.txt').read_text()"));
    assertThat(reply("echo,init")).isEqualTo("data");
  }

  @Test
  void usersNamespace_holdsNothingOfOurs() throws Exception {
    python.write(
        "echo.py",
        "import sys\n"
            + ECHO.formatted(
                "repr([n for n in vars(sys.modules['__main__']) if not n.startswith('__')])"));
    assertThat(reply("echo,init")).isEqualTo("[]");
  }

  /** Further runtimes of a worker take less time and memory than the first. */
  @Test
  void codeOfTheStandardLibrary_isMadeOnce() throws Exception {
    python.write(
        "paths.py",
        """
        import sys
        library = sys.modules["_resty_polyglot.library"]
        made = []
        make = library.CompiledLoader._load
        def load(self, name, source):
            made.append(name)
            return make(self, name, source)
        library.CompiledLoader._load = load
        import nturl2path, traceback

        def told():
            try:
                nturl2path.url2pathname(None)
            except TypeError:
                return traceback.format_exc().splitlines()[-3:-1]

        file = nturl2path.url2pathname.__code__.co_filename
        whole = file == nturl2path.__file__ == told.__globals__["nturl2path"].__spec__.origin
        def init(cfg): return lambda req, task: str(("nturl2path" in made, whole, told()))
        """);
    assertThat(reply("paths,init")).startsWith("(True, True, [");
    assertThat(reply("paths,init")).startsWith("(False, True, [").contains("url[:3]");
  }

  /** asyncio imports ssl; what is not used of it costs nothing. */
  @Test
  void ssl_runsWhenItIsNeeded() throws Exception {
    python.write(
        "tls.py",
        """
        import asyncio, ssl, sys, threading, urllib.request
        told = ["_ssl" in sys.modules, ssl.__name__, ssl.__file__[-7:], asyncio.sslproto.__name__]
        told.append("_ssl" in sys.modules)
        found = []
        def look(): found.append(ssl.SSLContext)
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        told += [len(set(found)), len(found), "_ssl" in sys.modules, hasattr(ssl, "nothing")]
        told += ["create_default_context" in dir(ssl), "__getattr__" in vars(ssl)]
        from ssl import *
        told += [SSLError is ssl.SSLError, ssl.__spec__.loader is ssl.__loader__]
        told.append(asyncio.sslproto.SSLAgainErrors[0] is ssl.SSLWantReadError)
        try:
            ssl.nothing
        except AttributeError as error:
            told.append(str(error))
        def init(cfg): return lambda req, task: str(told)
        """);
    assertThat(reply("tls,init"))
        .isEqualTo(
            "[False, 'ssl', '/ssl.py', 'asyncio.sslproto', False, 1, 4, True, False, True, False,"
                + " True, True, True, \"module 'ssl' has no attribute 'nothing'\"]");
  }

  /** What is set in a module before it runs stays, as it would if it had run. */
  @Test
  void modulesThatAsyncioHardlyNeeds_runWhenTheyAreNeeded() throws Exception {
    python.write(
        "late.py",
        """
        import asyncio, sys
        told = ["tokenize" in sys.modules]
        import inspect, linecache, subprocess, traceback
        def print_exc(): return "mine"
        traceback.print_exc = print_exc
        linecache.cache = {"made up": (4, None, ["line"], "made up")}
        told += ["FrameSummary" in vars(traceback), traceback.FrameSummary.__name__]
        told += [traceback.print_exc(), linecache.getline("made up", 1)]
        told += [subprocess.PIPE, asyncio.subprocess.STDOUT, subprocess.Popen.__name__]
        told.append(inspect.iscoroutinefunction(asyncio.sleep))
        try:
            traceback.nothing
        except AttributeError as error:
            told.append(str(error))
        told.append(type(asyncio.staggered.staggered_race).__name__)
        def init(cfg): return lambda req, task: str(told)
        """);
    assertThat(reply("late,init"))
        .isEqualTo(
            "[False, False, 'FrameSummary', 'mine', 'line', -1, -2, 'Popen', True,"
                + " \"module 'traceback' has no attribute 'nothing'\", 'function']");
  }

  /** What a first try has made would otherwise replace what the second one makes. */
  @Test
  void moduleThatRunsLate_andFails_runsAfreshTheNextTime() throws Exception {
    python.write(
        "again.py",
        """
        import sys
        sys.modules["base64"] = None
        import ssl
        try:
            ssl.SSLContext
        except ImportError as error:
            told = [type(error).__name__, "TLSVersion" in vars(ssl), "_ssl" in sys.modules]
        del sys.modules["base64"]
        told += [ssl.TLSVersion.__name__, "__getattr__" in vars(ssl)]
        told.append(ssl.create_default_context().check_hostname)
        def init(cfg): return lambda req, task: str(told)
        """);
    assertThat(reply("again,init"))
        .isEqualTo("['ModuleNotFoundError', False, True, 'TLSVersion', False, True]");
  }
}
