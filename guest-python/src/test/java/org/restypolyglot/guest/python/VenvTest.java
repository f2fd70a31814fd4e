package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
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
import org.restypolyglot.core.guest.GuestException;

/** {@code opts.venv}: where packages are. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class VenvTest {
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

  private static final String SITE = "/lib/python3.12/site-packages/";

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

  private static JsonObject venv(String name, String... natives) {
    JsonObject options = new JsonObject();
    options.addProperty("venv", name);
    JsonArray packages = new JsonArray();
    for (String each : natives) {
      packages.add(each);
    }
    JsonObject permissions = new JsonObject();
    permissions.add("native", packages);
    options.add("permissions", permissions);
    return options;
  }

  @Test
  void plainFolder_isAfterTheStandardLibrary_itsPthFilesAreRead() throws Exception {
    python.write("packages/thing/__init__.py", "where = __file__\n");
    python.write("packages/json.py", "mine = True\n");
    python.write("beside/added.py", "text = 'added'\n");
    python.write(
        "packages/one.pth",
        "# a comment\n\n../beside\n../absent\nimport sys; sys.from_pth = 'ran'\n");
    python.write("packages/two.pth", "import not_there\nimport sys; sys.from_pth = 'no'\n");
    python.write("packages/thing-2.5.dist-info/METADATA", "Name: thing\nVersion: 2.5\n");
    long queue = python.load("m,init", venv("packages"));
    assertThat(python.call(queue, "m", "import thing;thing.where"))
        .isEqualTo(folder + "/packages/thing/__init__.py");
    assertThat(python.call(queue, "m", "import json;hasattr(json, 'mine')")).isEqualTo("False");
    assertThat(python.call(queue, "m", "import added, sys;added.text + sys.from_pth"))
        .isEqualTo("addedran");
    assertThat(python.call(queue, "m", "import sys;[p for p in sys.path if 'absent' in p]"))
        .isEqualTo("[]");
    assertThat(python.call(queue, "m", "from importlib.metadata import version;version('thing')"))
        .isEqualTo("2.5");
    assertThat(python.log)
        .anyMatch(
            line ->
                line.startsWith("WARN")
                    && line.contains("packages/two.pth, line 1: import not_there:"));
    python.unload(queue);
  }

  @Test
  void twoRuntimes_haveEachItsOwnPackages() throws Exception {
    for (String each : new String[] {"one", "two"}) {
      python.write(each + "/pyvenv.cfg", "home = /usr/bin\n");
      python.write(each + SITE + "thing.py", "text = '" + each + "'\n");
    }
    long one = python.load("m,init", venv("one"));
    long two = python.load("m,init", venv(folder.resolve("two").toString()));
    long none = python.load("m,init");
    String code = "import thing, sys;thing.text + ' ' + sys.prefix";
    assertThat(python.call(one, "m", code)).isEqualTo("one " + folder + "/one");
    assertThat(python.call(two, "m", code)).isEqualTo("two " + folder + "/two");
    assertThat(python.call(none, "m", code)).isEqualTo("1: No module named 'thing'");
    python.unload(one);
    python.unload(two);
    python.unload(none);
  }

  @Test
  void venvOfCPython_worksForPurePackages_andSaysWhatElseToDo() throws Exception {
    String site = "cp/lib/python3.11/site-packages/";
    python.write("cp/pyvenv.cfg", "home = /usr/bin\n");
    python.write(site + "fast.cpython-311-x86_64-linux-gnu.so", "");
    python.write(site + "pack/_part.abi3.so", "");
    python.write(site + "pack/ours.graalpy250-312-native-x86_64-linux.so", "");
    python.write(
        site + "pack/__init__.py",
        """
        try:
            from ._part import text
        except ImportError:
            text = "slow"
        """);
    long queue = python.load("m,init", venv("cp"));
    assertThat(python.call(queue, "m", "import pack;pack.text")).isEqualTo("slow");
    assertThat(python.call(queue, "m", "import fast;1"))
        .isEqualTo(
            "1: fast is compiled for another Python (%s/%sfast.cpython-311-x86_64-linux-gnu.so),"
                    .formatted(folder, site)
                + " and GraalPy, which runs here, cannot load it: install fast for GraalPy (a"
                + " wheel with the tag graalpy250-312, or from source, with dist/bin/graalpy; see"
                + " docs/python-packages.md), or use a package in pure Python instead");
    assertThat(python.call(queue, "m", "from pack import _part;1"))
        .startsWith("1: pack._part is compiled for another Python");
    assertThat(python.call(queue, "m", "import pack.ours;1"))
        .isEqualTo(
            "1: pack.ours is compiled code, and native access is not open to this runtime; add"
                + " its package to load_ffi's options: permissions = {native = {\"pack\"}}");
    assertThat(
            python.call(
                queue, "m", "from importlib.util import find_spec;find_spec('fast') is None"))
        .isEqualTo("False");
    assertThat(python.call(queue, "m", "import pack.absent;1"))
        .isEqualTo("1: No module named 'pack.absent'");
    python.unload(queue);
    long permitted = python.load("m,init", venv("cp", "pack"));
    assertThat(python.call(permitted, "m", "import pack.ours;1"))
        .startsWith("1: pack.ours: a copy of " + folder)
        .contains("not a shared library");
    python.unload(permitted);
  }

  @Test
  void withQuestionMark_aChangeOfAPackage_startsTheNextGeneration() throws Exception {
    python.write("v/pyvenv.cfg", "home = /usr/bin\n");
    python.write("v" + SITE + "thing.py", "text = 'one'\n");
    python.write("v" + SITE + "editable.pth", folder + "/src\n");
    python.write("src/mine.py", "text = 'one'\n");
    python.write(
        "r.py",
        "import thing, mine\ndef init(cfg): return lambda req, task: thing.text + mine.text\n");
    long queue = python.load("r?,init", venv("v"));
    assertThat(python.call(queue, "m")).isEqualTo("oneone");
    python.write("v" + SITE + "thing.py", "text = 'two'\n");
    awaitReply(queue, "twoone");
    python.write("src/mine.py", "text = 'two'\n");
    awaitReply(queue, "twotwo");
    python.unload(queue);
  }

  private void awaitReply(long queue, String wanted) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PythonHost.SECONDS);
    while (!python.call(queue, "m").equals(wanted)) {
      assertThat(System.nanoTime()).as("waiting for %s", wanted).isLessThan(limit);
      Thread.sleep(20);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "absent | option \"venv\" is \"absent\" (that is FOLDER/absent), which does not exist",
        "/no/such | option \"venv\" is \"/no/such\", which does not exist",
        "m.py | which is no folder; it should be a virtual environment or a folder of packages",
        "empty | a virtual environment without a folder lib/python3.12/site-packages",
        "several | which has packages for several Pythons: [FOLDER/several/lib/python3",
      })
  void aWrongOne_failsTheLoad_andIsQuoted(String name, String message) throws Exception {
    python.write("empty/pyvenv.cfg", "");
    python.write("several/lib/python3.9/site-packages/a.py", "");
    python.write("several/lib/python3.8/site-packages/a.py", "");
    assertThatThrownBy(() -> python.load("m,init", venv(name)))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining(message.replace("FOLDER", folder.toString()));
  }
}
