package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** What becomes of the options of load_ffi, of calls and of setup{}. */
class OptionsTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Path library = Path.of("unset");

  @BeforeAll
  static void build() throws Exception {
    library = NativeLibrary.compile("options.c", NGINX.get().prefix().resolve("tmp"));
  }

  /** What a runtime that is loaded with {@code options} is told of {@code name}. */
  private static String told(Nginx nginx, String config, String options, String name) {
    String code =
        """
        local rt = load("%s", "%s", %s)
        local ok, res = rt:options()
        rt:__unload()
        return require("cjson").decode(res)["%s"]
        """;
    return nginx.lua(code, library, config, options, name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"nil|60", "{}|60", "{timeout = 2.5}|2.5", "{timeout = 0}|0", "{max_queue = 3}|60"})
  void timeout_reachesTheRuntime(String options, String seconds) {
    assertThat(told(NGINX.get(), "timeout", options, "timeout")).isEqualTo(seconds);
  }

  @Test
  void timeoutOfSetup_reachesTheRuntime_beneathThatOfTheLoad() {
    try (Nginx nginx = new NginxConf().start()) {
      nginx.lua("require('resty_ffi').setup{timeout = 7}");
      assertThat(told(nginx, "a", "nil", "timeout")).isEqualTo("7");
      assertThat(told(nginx, "b", "{timeout = 8}", "timeout")).isEqualTo("8");
      nginx.check();
    }
  }

  /** "a" with "b&c" and "a&b" with "c" make the same key. */
  @Test
  void loadsThatOnlyLookAlike_areTwo() throws IOException {
    Path other = library.resolveSibling(library.getFileName() + "&b");
    Files.copy(library, other);
    String code =
        """
        local first = load("%s", "b&c", {timeout = 11})
        local second = load("%s", "c", {timeout = 12})
        local _, a = first:options()
        local _, b = second:options()
        local decode = require("cjson").decode
        return decode(a).timeout, decode(b).timeout, tostring(first) == tostring(second)
        """;
    assertThat(NGINX.get().lua(code, library, other)).isEqualTo("11, 12, true");
    assertThat(NGINX.get().lua(code, library, other)).isEqualTo("11, 12, true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{timeot = 5}|opts.timeot",
        "{timeout = 5, maxqueue = 7, [1] = true}|opts.maxqueue",
        "{java_home = '/x'}|opts.java_home",
      })
  void unknownOptionOfALoad_isNamed(String options, String named) {
    assertThat(NGINX.get().lua("return ngx.load_ffi('%s', 'typo', %s)", library, options))
        .startsWith("nil, -1, '")
        .contains(named + ": there is no such option here, only contexts, ")
        .contains("timeout");
  }

  @Test
  void unknownOptionOfACall_isNamed() {
    String code = "return load('%s', 'call'):options(nil, {timeout = 5, max_queue = 1})";
    assertThat(NGINX.get().lua(code, library))
        .isEqualTo("false, 'opts.max_queue: there is no such option here, only timeout'");
  }

  @Test
  void unknownSetting_isNamed() {
    assertThat(NGINX.get().lua("return pcall(require('resty_ffi').setup, {javahome = '/x'})"))
        .startsWith("false, ")
        .contains("setup.javahome: there is no such option here")
        .contains("java_home");
  }
}
