package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** The ways to name what to load, and what two loads share. */
class LoadTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  @ParameterizedTest
  @EnumSource
  void bothForms_areTheSameRuntime(Lang lang) {
    String code =
        """
        local spec = "%s"
        local one = load(spec)
        local two = load("ffi_polyglot", spec)
        local ok, before = one:count()
        local _, after = two:count()
        return ok, one == two, after - before
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,both"))).isEqualTo("true, true, 1");
  }

  @ParameterizedTest
  @EnumSource
  void secondLoad_isTheSameRuntime(Lang lang) {
    String code = "local rt = load('%s'); local _, n = rt:count(); return n, rt == load('%1$s')";
    String spec = lang.spec("t/calls", "init,again");
    assertThat(NGINX.get().lua(code, spec)).isEqualTo("'1', true");
    assertThat(NGINX.get().lua(code, spec)).isEqualTo("'2', true");
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,another"))).isEqualTo("'1', true");
  }

  @ParameterizedTest
  @CsvSource({
    "ffi_nodejs, 't/fn,init,x'",
    "ffi_python3, 't/fn,init,x'",
    "resty_ffi_python, 't/fn,init,x'",
  })
  void alias_addsThePrefix(String alias, String spec) {
    assertThat(
            NGINX.get().lua("return load('%s', '%s', {is_global = true}):echo('y')", alias, spec))
        .isEqualTo("true, 'x|y'");
  }

  @Test
  void alias_canBeChanged() {
    String code =
        """
        local aliases = require("resty_ffi").aliases
        aliases.my_language = "js:"
        local results = t.pack(load("my_language", "t/fn,init,mine"):echo("z"))
        aliases.my_language = nil
        return results
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("{true, 'mine|z'}");
  }

  @ParameterizedTest
  @EnumSource
  void configAsSecondArgument_isTheThirdField(Lang lang) {
    assertThat(NGINX.get().lua("return load('%s', 'a,b'):x('y')", lang.spec("t/fn")))
        .isEqualTo("true, 'a,b|y'");
  }

  @Test
  void configGivenTwice_isAnError() {
    assertThat(NGINX.get().lua("return pcall(ngx.load_ffi, 'js:t/fn,init,one', 'two')"))
        .containsAnyOf("false, ", "true, nil, ")
        .contains("js:t/fn,init,one")
        .doesNotContain("<table>");
  }

  @Test
  void dottedModule_isAPythonPackagesModule() {
    assertThat(NGINX.get().lua("return load('py:t.fn,init,dotted'):x('y')"))
        .isEqualTo("true, 'dotted|y'");
  }

  @ParameterizedTest
  @EnumSource
  void simultaneousLoads_shareOne(Lang lang) {
    Nginx nginx = NGINX.get();
    String config = "shared-" + lang;
    nginx.expectLog("init of " + config);
    String code =
        """
        local spec = "%s"
        local results = t.parallel(20, function(i)
            local rt = load(spec)
            return rt, select(2, rt:echo(tostring(i)))
        end)
        for i, result in ipairs(results) do
            if result[1] ~= results[1][1] or result[2] ~= tostring(i) then return i, result end
        end
        return "one runtime"
        """;
    assertThat(nginx.lua(code, lang.spec("t/life", "init," + config))).isEqualTo("'one runtime'");
    assertThat(nginx.log().count("init of " + config + "\\b")).isEqualTo(1);
    nginx.expectLog("dispose of " + config);
    assertThat(nginx.lua("load('%s'):__unload()", lang.spec("t/life", "init," + config))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void entry_mayBeAsync_andHaveAnyName(Lang lang) {
    assertThat(NGINX.get().lua("return load('%s'):m('y')", lang.spec("t/fn", "other,z")))
        .isEqualTo("true, 'm|z|y'");
  }

  @ParameterizedTest
  @EnumSource
  void loadsTimeout_endsTheWaiting(Lang lang) {
    String code =
        """
        local spec = "%s"
        local rt, rc, err = ngx.load_ffi(spec, nil, {timeout = 0.001})
        return rt == nil, rc ~= nil, err
        """;
    NGINX.get().expectLog("init of slow");
    assertThat(NGINX.get().lua(code, lang.spec("t/life", "init,slow")))
        .startsWith("true, true, '")
        .contains("timeout");
  }
}
