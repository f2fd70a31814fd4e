package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Loads that fail: {@code nil, rc, err} that says what is wrong, and one line in the log. */
class LoadErrorsTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  /** What load_ffi returned for {@code spec}; it must not throw, and the log must tell. */
  private static String fails(String spec) {
    NGINX.get().log().expectError(spec.split("[?,]", 2)[0], "");
    return result(spec);
  }

  private static String result(String spec) {
    return NGINX.get().lua("return ngx.load_ffi('%s')", spec);
  }

  @AfterEach
  void workerStillServes() {
    assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('alive')"))
        .isEqualTo("true, 'alive'");
  }

  @ParameterizedTest
  @EnumSource
  void missingModule_isNamed(Lang lang) {
    assertThat(fails(lang.spec("t/absent"))).startsWith("nil, 1, '").contains("t/absent");
  }

  @ParameterizedTest
  @EnumSource
  void missingEntry_isNamed(Lang lang) {
    assertThat(fails(lang.spec("t/calls", "no_such_entry")))
        .startsWith("nil, 1, '")
        .contains("no_such_entry")
        .contains("t/calls");
  }

  @ParameterizedTest
  @EnumSource
  void missingImport_isNamed(Lang lang) {
    assertThat(fails(lang.spec("t/bad/imports"))).startsWith("nil, 1, '").contains("absent");
  }

  @ParameterizedTest
  @EnumSource
  void syntaxError_namesFileAndLine(Lang lang) {
    String file = lang.file("t/bad/syntax");
    assertThat(fails(lang.spec("t/bad/syntax")))
        .startsWith("nil, 1, '")
        .containsPattern(Pattern.quote(file) + "\\D{1,10}3\\b");
  }

  @ParameterizedTest
  @EnumSource
  void throwAtTheTopLevel_isTheError(Lang lang) {
    assertThat(fails(lang.spec("t/bad/toplevel")))
        .startsWith("nil, 1, '")
        .contains("thrown at the top level");
  }

  @ParameterizedTest
  @CsvSource({
    "JS, throws, 1, the entry threw",
    "JS, throwsrc, 7, the entry threw with rc",
    "JS, rejects, 1, the entry rejected",
    "PY, throws, 1, the entry threw",
    "PY, throwsrc, 7, the entry threw with rc",
    "PY, rejects, 1, the entry rejected",
    "JS, nothandler, 1, string",
    "PY, nothandler, 1, str",
    "JS, nothing, 1, undefined",
    "PY, nothing, 1, None",
    "JS, nocallable, 1, nocallable",
    "PY, nocallable, 1, nocallable",
  })
  void failingEntry_isTheError(Lang lang, String entry, int rc, String message) {
    assertThat(fails(lang.spec("t/bad/entries", entry)))
        .startsWith("nil, " + rc + ", '")
        .contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rb:t/calls,init", "javascript:t/calls,init", "j2:t/calls,init"})
  void unknownLanguage_isNamedBesideTheKnownOnes(String spec) {
    NGINX.get().expectLog("\\[error].*load failed.*" + Pattern.quote(spec));
    assertThat(result(spec))
        .startsWith("nil, 1, '")
        .contains(spec.substring(0, spec.indexOf(':')))
        .contains("js")
        .contains("py");
  }

  @Test
  void aliasOfAnAbsentLanguage_isNamed() {
    NGINX.get().expectLog("\\[error].*load failed.*java:Echo");
    assertThat(NGINX.get().lua("return ngx.load_ffi('ffi_java', 'Echo,init')"))
        .startsWith("nil, 1, '")
        .contains("\"java\"");
  }

  /** However often a request asks for it. */
  @Test
  void failingLoad_isTriedAtMostOnceASecond() {
    NGINX.get().log().expectError("js:t/absent_again", "");
    String code =
        """
        ngx.update_time()
        local begin = ngx.now()
        for _ = 1, 300 do
            local rt, rc, err = ngx.load_ffi("js:t/absent_again,init")
            if rt or not err:find("absent_again", 1, true) then return rt, rc, err end
        end
        ngx.update_time()
        return ngx.now() - begin
        """;
    double seconds = Double.parseDouble(NGINX.get().lua(code));
    assertThat((double) NGINX.get().log().count("absent_again] load failed"))
        .isBetween(1.0, seconds + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"js:", "js:t/calls", "js:,init", "js:t/calls,", "js:?,init"})
  void badSpec_isQuoted(String spec) {
    NGINX.get().expectLog("\\[error].*" + Pattern.quote(spec));
    assertThat(result(spec)).startsWith("nil, ").contains("\"" + spec + "\"");
  }

  @Test
  void specWithoutLanguage_isQuoted() {
    NGINX.get().expectLog("\\[error].*t/calls,init");
    assertThat(NGINX.get().lua("return ngx.load_ffi('ffi_polyglot', 't/calls,init')"))
        .startsWith("nil, 1, '")
        .contains("\"t/calls,init\"");
  }

  @Test
  void specWithNul_isQuoted() {
    assertThat(NGINX.get().lua("return ngx.load_ffi('ffi_polyglot', 'js:t/calls\\0,init')"))
        .startsWith("nil, ")
        .contains("js:t/calls");
  }

  @Test
  void specWithInvalidUtf8_isAnError() {
    NGINX.get().expectLog("\\[error].*js:t/cal");
    assertThat(NGINX.get().lua("return ngx.load_ffi('ffi_polyglot', 'js:t/cal\\255,init')"))
        .startsWith("nil, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no_such_library", "/no/such/library.so", "libno.so.1"})
  void missingLibrary_isNilRcErr(String library) {
    NGINX.get().expectLog("\\[error].*" + Pattern.quote(library));
    assertThat(NGINX.get().lua("return ngx.load_ffi('%s', 'config')", library))
        .startsWith("nil, ")
        .contains(library);
  }

  @Test
  void libraryWithoutInit_isNilRcErr() {
    NGINX.get().expectLog("\\[error].*libffi_init");
    assertThat(NGINX.get().lua("return ngx.load_ffi('libm.so.6', 'config')"))
        .startsWith("nil, ")
        .contains("libffi_init");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{timeout = 'soon'}",
        "{timeout = -1}",
        "{max_queue = 0}",
        "{max_queue = 'many'}",
        "{max_queue = 1.5}",
        "'no table'",
        "{contexts = 0}",
      })
  void badOptions_areQuoted(String options) {
    String result =
        NGINX.get().lua("return pcall(ngx.load_ffi, 'js:t/calls,init,opts', nil, %s)", options);
    String named = options.replaceAll("[{}']| =.*", "");
    assertThat(result).containsAnyOf("false, '", "true, nil, ").contains(named);
  }

  @ParameterizedTest
  @EnumSource
  void failedLoad_isTriedAgain(Lang lang) {
    Nginx nginx = NGINX.get();
    String module = "gen/mended" + lang;
    nginx.write(lang.file(module), "this is = no program");
    assertThat(fails(lang.spec(module + "?"))).startsWith("nil, 1, '");
    nginx.write(
        lang.file(module),
        switch (lang) {
          case JS -> "exports.init = () => () => 'mended';";
          case PY -> "def init(cfg): return lambda req, task: 'mended'\n";
        });
    String code =
        """
        local spec = "%s"
        local rt, rc, err
        for _ = 1, 600 do
            rt, rc, err = ngx.load_ffi(spec)
            if rt then return rt:call() end
            ngx.sleep(0.1)
        end
        return rc, err
        """;
    assertThat(nginx.lua(code, lang.spec(module + "?"))).isEqualTo("true, 'mended'");
  }
}
