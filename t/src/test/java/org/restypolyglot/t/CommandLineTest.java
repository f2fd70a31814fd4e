package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.Shell;

/** {@code resty-polyglot call SPEC [METHOD]}: one request without nginx. */
class CommandLineTest {
  private static final Path HANDLERS = Dist.handlers();

  private static Shell.Result run(
      Path folder, Map<String, String> environment, String input, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Dist.underTest().command("resty-polyglot").toString());
    command.addAll(List.of(arguments));
    return Shell.run(folder, environment, input.getBytes(UTF_8), command);
  }

  private static Shell.Result run(String input, String... arguments) throws Exception {
    return run(HANDLERS, Map.of(), input, arguments);
  }

  @Test
  void call_goesFromStdinToStdout() throws Exception {
    Shell.Result result = run("h\u00e9llo\n", "call", Lang.JS.spec("t/calls"), "echo");
    assertThat(result.orThrow().out()).isEqualTo("h\u00e9llo\n");
  }

  @Test
  void failure_isTheExitCode_andTheLogIsOnStderr() throws Exception {
    Shell.Result result = run("no luck", "call", Lang.JS.spec("t/calls"), "failrc");
    assertThat(result.rc()).isEqualTo(42);
    assertThat(result.out()).isEmpty();
    assertThat(result.stderr()).contains("no luck");
  }

  @Test
  void logLines_areOnStderrOnly() throws Exception {
    Shell.Result result = run("said", "call", Lang.JS.spec("t/log"), "print");
    assertThat(result.orThrow().out()).isEqualTo("printed");
    assertThat(result.stderr()).contains("said");
  }

  @Test
  void functionHandler_needsNoMethod() throws Exception {
    assertThat(run("x", "call", Lang.JS.spec("t/fn", "init,c")).orThrow().out()).isEqualTo("c|x");
  }

  @ParameterizedTest
  @EnumSource
  void bytes_passUnchanged(Lang lang) throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    List<String> command =
        List.of(
            Dist.underTest().command("resty-polyglot").toString(),
            "call",
            lang.spec("t/bytes"),
            "echo");
    assertThat(Shell.run(HANDLERS, Map.of(), all, command).orThrow().bytes())
        .isEqualTo(new String(all, ISO_8859_1));
  }

  @Test
  void badSpec_isQuoted() throws Exception {
    Shell.Result result = run("", "call", "js:t/calls");
    assertThat(result.rc()).isNotZero();
    assertThat(result.stderr()).contains("\"js:t/calls\"");
  }

  @Test
  void noArguments_printUsage() throws Exception {
    Shell.Result result = run("");
    assertThat(result.rc()).isNotZero();
    assertThat(result.stderr() + result.out()).contains("call").contains("SPEC");
  }

  @Test
  void modules_areFoundThroughNodePathToo(@TempDir Path folder) throws Exception {
    Path roots = Files.createDirectories(folder.resolve("roots"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(roots.resolve("mod.js"), "exports.init = () => () => 'found';");
    Map<String, String> environment = Map.of("NODE_PATH", roots.toString());
    assertThat(run(elsewhere, environment, "", "call", "js:mod,init").orThrow().out())
        .isEqualTo("found");
  }
}
