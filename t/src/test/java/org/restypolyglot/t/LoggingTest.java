package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** What guests say comes out in nginx's error.log, at the right level, with the runtime's name. */
class LoggingTest {
  /** Of nginx's own debug lines this level turns on one module's, mail's; and debug as such. */
  @RegisterExtension
  static final NginxExtension NGINX = new NginxExtension(new NginxConf().logLevel("debug_mail"));

  private static String name(Lang lang) {
    return lang.spec("t/log").replaceAll(",.*", "");
  }

  private static String call(Lang lang, String code) {
    return NGINX.get().lua("local rt = load('%s')\n%s", lang.spec("t/log"), code);
  }

  @ParameterizedTest
  @EnumSource
  void eachLevel_hasItsOwn(Lang lang) {
    Nginx nginx = NGINX.get();
    String line = "\\] .*" + name(lang) + ".*%s: h\u00c3\u00a9llo " + lang;
    nginx.expectLog("\\[error" + line.formatted("error"));
    nginx.expectLog("\\[warn" + line.formatted("warn"));
    nginx.expectLog("\\[info" + line.formatted("log"));
    nginx.expectLog("\\[info" + line.formatted("info"));
    nginx.expectLog("\\[debug" + line.formatted("debug"));
    if (lang == Lang.PY) {
      nginx.expectLog("\\[warn" + line.formatted("stderr"));
    }
    assertThat(call(lang, "return rt:say('h\u00e9llo " + lang + "')")).isEqualTo("true, 'said'");
  }

  @ParameterizedTest
  @EnumSource
  void eachLineOfAText_isALine(Lang lang) {
    Nginx nginx = NGINX.get();
    String marker = "many-" + lang;
    for (int i = 1; i <= 3; i++) {
      nginx.expectLog("\\[info\\] .*" + name(lang) + ".*" + marker + " line " + i + "$");
    }
    assertThat(
            call(
                lang,
                "return rt:print('%1$s line 1\\n%1$s line 2\\n%1$s line 3')".formatted(marker)))
        .isEqualTo("true, 'printed'");
  }

  @ParameterizedTest
  @EnumSource
  void longLine_isSplit_andWhole(Lang lang) {
    Nginx nginx = NGINX.get();
    String marker = "end-of-long-" + lang;
    nginx.expectLog(marker);
    assertThat(
            call(
                lang,
                "return rt:print(('<%s>'):rep(5000):sub(1, 20000) .. '%s')"
                    .formatted(lang.name(), marker)))
        .isEqualTo("true, 'printed'");
    nginx.log().check();
    String unit = "<" + lang.name() + ">";
    String all =
        nginx.log().lines().stream()
            .filter(line -> line.contains(unit + unit) || line.contains(marker))
            .collect(Collectors.joining());
    long units = all.chars().filter(c -> c == '<').count();
    assertThat(units).isEqualTo(20_000 / unit.length());
    assertThat(nginx.log().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(2048));
  }

  @ParameterizedTest
  @EnumSource
  void stack_namesFileAndLine(Lang lang) {
    Nginx nginx = NGINX.get();
    String file = lang.file("t/log");
    int inner = lang == Lang.JS ? 21 : 33;
    nginx.expectLog("\\[error\\] .*" + name(lang) + ".*deep inside");
    nginx.expectLog("\\[error\\] .*" + name(lang) + ".*" + file + "\\D{1,10}" + inner + "\\b.*");
    nginx.expectLog("\\[error\\] .*" + name(lang) + ".*outer");
    nginx.log().allow("\\[error\\] .*" + name(lang));
    assertThat(call(lang, "return rt:fail()")).startsWith("false, 1, '").contains("deep inside");
    nginx.log().check();
    // None of our own frames, and none of Java's.
    assertThat(nginx.log().lines())
        .noneMatch(line -> line.contains("org.restypolyglot") || line.contains("com.oracle"));
  }

  @ParameterizedTest
  @EnumSource
  void nulAndControlBytes_harmNoLine(Lang lang) {
    String marker = "after-control-" + lang;
    NGINX.get().expectLog("\\[info\\] .*" + name(lang) + ".*" + marker);
    assertThat(call(lang, "return rt:print('a\\0b\\27[0m\\r" + marker + "')"))
        .isEqualTo("true, 'printed'");
  }

  @Test
  void manyLines_neverBlockTheGuest() {
    Nginx nginx = NGINX.get();
    nginx.expectLog("flood 1\\b");
    String code = "for i = 1, 5000 do rt:print('flood ' .. i) end return rt:print('flood ends')";
    assertThat(call(Lang.JS, code)).isEqualTo("true, 'printed'");
    nginx.expectLog("flood ends|dropped");
  }

  @Test
  void engines_areToldOnce() {
    Nginx nginx = NGINX.get();
    String code = "return load('%s'):print('engine')";
    for (Lang lang : Lang.values()) {
      nginx.lua(code, lang.spec("t/log", "init,engine1"));
      nginx.lua(code, lang.spec("t/log", "init,engine2"));
    }
    // The lines may be of an earlier test: whichever loaded first.
    for (String line :
        List.of(
            "\\[notice\\] .*JVM .*\\b\\d+\\.\\d+\\.\\d+",
            "\\[notice\\] .*GraalJS \\d+\\.\\d+\\.\\d+ .*(JIT|interpreter)",
            "\\[notice\\] .*GraalPy \\d+\\.\\d+\\.\\d+ .*(JIT|interpreter)")) {
      assertThat(nginx.log().count(line)).as(line).isEqualTo(1);
    }
  }
}
