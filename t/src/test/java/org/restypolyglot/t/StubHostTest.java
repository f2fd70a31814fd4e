package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Shell;

/** Our loader under another project's host, which has lua-resty-ffi's three symbols and no more. */
class StubHostTest {
  @TempDir static Path folder = Path.of("unset");
  private static Path host = Path.of("unset");

  @BeforeAll
  static void build() throws Exception {
    host = NativeLibrary.compileProgram("stub_host.c", folder);
  }

  /** Runs the host where the handlers are found through NODE_PATH and PYTHONPATH. */
  private static Shell.Result run(String... arguments) throws Exception {
    String handlers = Dist.handlers().toString();
    List<String> command = new ArrayList<>();
    command.add(host.toString());
    command.add(Dist.underTest().library("libffi_polyglot.so").toString());
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of(
            "NODE_PATH", handlers,
            "PYTHONPATH", handlers,
            "JAVA_HOME", System.getProperty("java.home"));
    return Shell.run(folder, environment, new byte[0], command);
  }

  @Test
  void js_isCalledAndUnloaded() throws Exception {
    assertThat(run("js:t/fn,echo").orThrow().out()).isEqualTo("ok\n");
  }

  @Test
  void python_isCalledAndUnloaded() throws Exception {
    assertThat(run("py:t/fn,echo").orThrow().out()).isEqualTo("ok\n");
  }

  @Test
  void severalRuntimes_shareTheProcess() throws Exception {
    assertThat(run("js:t/fn,echo", "js:t/fn,echo,two", "py:t/fn,echo").orThrow().out())
        .isEqualTo("ok\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"js:t/absent,init", "js:t/fn", "rb:t/fn,init", "js:t/bad/entries,throws"})
  void failedLoad_isAnRc(String spec) throws Exception {
    Shell.Result result = run("-fail", spec).orThrow();
    assertThat(result.out()).matches("rc -?[1-9]\\d*\n");
    // Without the extension there is no log of the host's to write to.
    assertThat(result.stderr()).contains(spec.split("[?,]", 2)[0]);
  }
}
