package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.guest.GuestException;

/** Modules and entries that are wrong, each with a failure that says how. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LoadTest {
  private static final String ENTRIES =
      """
      import functools
      import sys

      nocallable = 42

      class Demo:
          def echo(self, req, task): return req

      class Nothing: pass

      class Callable:
          def __call__(self, req): return b"called " + req

      def returns(value):
          def entry(cfg): return value
          return entry

      none = returns(None)
      text = returns("text")
      number = returns(5)
      mapping = returns({"echo": lambda req, task: req})
      nomethods = returns(Nothing())
      cls = returns(Demo)
      callable_object = returns(Callable())
      def refuses(cfg, tq): return 7
      def text_of_two(cfg, tq): return "text"
      def optional(cfg, tq=None): return Demo()
      def no_parameters(): return Demo()
      async def later(cfg): return Demo()
      def leaves(cfg): sys.exit("left")
      partial = functools.partial(lambda prefix, cfg: Demo(), "prefix")
      """;

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

  private GuestException failure(String spec) {
    return catchThrowableOfType(GuestException.class, () -> python.load(spec));
  }

  private String loadFailure() {
    return python.log.stream()
        .filter(entry -> entry.startsWith("ERROR [py:bad] load failed: "))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "nocallable, the entry \"nocallable\" in FILE is not callable, but of type int",
        "none, the entry \"none\" in FILE: it returned None; return a function,",
        "text, the entry \"text\" in FILE: it returned an object of type str; return a function,",
        "number, the entry \"number\" in FILE: it returned an object of type int; return",
        "mapping, the entry \"mapping\" in FILE: it returned an object of type dict; return",
        "nomethods, the entry \"nomethods\" in FILE: it returned an object of type Nothing;",
        "cls, it returned the class Demo (call it to make an object); return a function",
        "absent, `there is no entry \"absent\" in FILE; it has: Callable, Demo, Nothing, `",
        "refuses, the entry \"refuses\" in FILE returned 7",
        "text_of_two, the entry \"text_of_two\" in FILE: it returned an object of type str; return",
        "leaves, left",
      })
  void entryThatMakesNoHandler_isTold(String entry, String text) throws Exception {
    python.write("entries.py", ENTRIES);
    String file = folder.resolve("entries.py").toString();
    assertThat(failure("entries," + entry).text()).contains(text.replace("FILE", file));
  }

  @ParameterizedTest
  @CsvSource({
    "optional,        x",
    "no_parameters,   x",
    "later,           x",
    "partial,         x",
    "callable_object, called x",
  })
  void entryOfAnotherForm_isFine(String entry, String reply) throws Exception {
    python.write("entries.py", ENTRIES);
    long queue = python.load("entries," + entry);
    assertThat(python.call(queue, "echo", "x")).isEqualTo(reply);
    python.unload(queue);
  }

  @Test
  void moduleThatRaises_isToldWithItsTraceback() throws Exception {
    python.write("bad.py", "import json\nimport worse\n");
    python.write("worse.py", "def f():\n    raise ValueError('at the top')\nf()\n");
    assertThat(failure("bad,init").text()).isEqualTo("module \"bad\": ValueError: at the top");
    assertThat(loadFailure())
        .contains(
            "bad.py\", line 2, in <module>\n[py:bad]     import worse",
            "worse.py\", line 2, in f\n[py:bad]     raise ValueError('at the top')")
        .doesNotContain("importlib", "resty-polyglot>");
  }

  @Test
  void moduleThatRaisesWithRc_keepsIt() throws Exception {
    python.write("bad.py", "e = ValueError('x')\ne.rc = 44\nraise e\n");
    assertThat(failure("bad,init").rc()).isEqualTo(44);
  }

  @ParameterizedTest
  @ValueSource(strings = {"def", "async def"})
  void failureThatIsHardToTell_isTold(String define) throws Exception {
    python.write(
        "bad.py",
        """
        class Failure(Exception):
            @property
            def rc(self): raise ValueError("no rc")
            def __str__(self): raise ValueError("no text")
        """
            + define
            + " init(cfg): raise Failure()\n");
    assertThat(failure("bad,init").text()).isEqualTo("Failure");
    assertThat(loadFailure()).contains("raise Failure()");
  }

  @Test
  void syntaxError_namesFileAndLine_andShowsTheLine() throws Exception {
    python.write("bad.py", "def init(cfg):\n    return (1 +\n");
    GuestException failure = failure("bad,init");
    assertThat(failure.text()).contains("SyntaxError: ").contains(folder + "/bad.py:2");
    assertThat(loadFailure()).contains("return (1 +");
  }

  @Test
  void unexpectedIndent_namesItsLine() throws Exception {
    python.write(
        "bad.py",
        """
        text = (
            "x"
        )

        def init(cfg):
            value = 1
              wrong = 2
            return value
        """);
    assertThat(failure("bad,init").text())
        .contains("IndentationError: unexpected indent")
        .contains(folder + "/bad.py:7");
    assertThat(loadFailure()).contains("wrong = 2");
  }

  @Test
  void configurationThatIsNotThere_isNone() throws Exception {
    python.write(
        "plain.py",
        """
        import json, pickle

        def init(cfg):
            text = json.dumps([cfg, type(cfg) is type(None), pickle.loads(pickle.dumps(cfg))])
            return lambda req, task: text
        """);
    long runtime = python.load("plain,init");
    assertThat(python.call(runtime, "m", "")).isEqualTo("[null, true, null]");
    python.unload(runtime);
  }

  @Test
  void moduleNotFound_saysWhereItLooked() {
    assertThat(failure("no.such.module,init").text())
        .startsWith("module \"no.such.module\" was not found in ")
        .contains(folder.toString())
        .contains("No module named 'no'");
  }

  @Test
  void folderThatIsNotThere_isToldSo() {
    JsonObject options = new JsonObject();
    options.addProperty("path", "/no/such/folder");
    GuestException failure =
        catchThrowableOfType(GuestException.class, () -> python.load("absent,init", options));
    assertThat(failure.text()).contains("/no/such/folder (not there), " + folder);
  }

  @ParameterizedTest
  @CsvSource({"../echo,names without dots", "dir.v1/echo,names without dots", ".echo,.echo"})
  void badModuleName_isToldSo(String module, String text) {
    assertThat(failure(module + ",init").text()).contains(module).contains(text);
  }

  @Test
  void missingMemberOfAnotherModule_isNotOurModuleMissing() throws Exception {
    python.write("bad.py", "import absent_elsewhere\n");
    assertThat(failure("bad,init").text())
        .isEqualTo("module \"bad\": ModuleNotFoundError: No module named 'absent_elsewhere'");
  }
}
