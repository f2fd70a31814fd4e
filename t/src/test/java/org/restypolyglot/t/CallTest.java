package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** What goes into a call, and what comes back when the handler succeeds. */
class CallTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  /** Runs {@code code} with {@code rt}, the runtime of {@code module}. */
  private static String call(Lang lang, String module, String code) {
    return NGINX.get().lua("local rt = load('%s')\n%s", lang.spec(module), code);
  }

  private static String call(Lang lang, String code) {
    return call(lang, "t/calls", code);
  }

  @ParameterizedTest
  @EnumSource
  void string_comesBack(Lang lang) {
    assertThat(call(lang, "return rt:echo('hello')")).isEqualTo("true, 'hello'");
  }

  @ParameterizedTest
  @EnumSource
  void emptyString_isNotNil(Lang lang) {
    assertThat(call(lang, "return rt:echo('')")).isEqualTo("true, ''");
    assertThat(call(lang, "return rt:isnil('')")).startsWith("true, 'no");
    assertThat(call(lang, "t/bytes", "return rt:emptybytes('x')")).isEqualTo("true, ''");
    assertThat(call(lang, "t/bytes", "return rt:echo('')")).isEqualTo("true, ''");
  }

  @ParameterizedTest
  @EnumSource
  void nilRequest_isNull(Lang lang) {
    assertThat(call(lang, "return rt:isnil(nil)")).isEqualTo("true, 'yes'");
    assertThat(call(lang, "return rt:isnil()")).isEqualTo("true, 'yes'");
    assertThat(call(lang, "t/bytes", "return rt:isnil()")).isEqualTo("true, 'true'");
  }

  @ParameterizedTest
  @EnumSource
  void nullReply_isNil(Lang lang) {
    assertThat(call(lang, "local ok, res = rt:nothing('x'); return ok, res"))
        .isEqualTo("true, nil");
    assertThat(call(lang, "local ok, res = rt:echo(nil); return ok, res")).isEqualTo("true, nil");
  }

  @ParameterizedTest
  @EnumSource
  void nulBytes_pass(Lang lang) {
    assertThat(call(lang, "return rt:echo('\\0a\\0b\\0')")).isEqualTo("true, '\\x00a\\x00b\\x00'");
    assertThat(call(lang, "return rt:echo('\\0')")).isEqualTo("true, '\\x00'");
  }

  @ParameterizedTest
  @EnumSource
  void textReply_isUtf8(Lang lang) {
    assertThat(call(lang, "return rt:text()"))
        .isEqualTo("true, 'h\\xc3\\xa9 \\xe6\\xbc\\xa2 \\xf0\\x9f\\x98\\x80 \\x00.'");
    assertThat(
            call(
                lang,
                "local ok, res = rt:text(); local _, again = rt:echo(res); return res == again"))
        .isEqualTo("true");
  }

  @ParameterizedTest
  @EnumSource
  void all256Bytes_pass(Lang lang) {
    String bytes =
        "local all = {}; for i = 0, 255 do all[i + 1] = string.char(i) end; all = table.concat(all)\n";
    assertThat(call(lang, "t/bytes", bytes + "local ok, res = rt:echo(all); return ok, res == all"))
        .isEqualTo("true, true");
    assertThat(call(lang, "t/bytes", bytes + "return rt:sum(all)")).isEqualTo("true, '32640'");
  }

  @ParameterizedTest
  @CsvSource({
    "JS, typed, abcd", "JS, slice, bc", "JS, buffer, abcd",
    "PY, typed, abcd", "PY, slice, bc", "PY, buffer, abcd",
  })
  void kindsOfBytes_areReplies(Lang lang, String method, String reply) {
    assertThat(call(lang, "t/bytes", "return rt:%s('abcd')".formatted(method)))
        .isEqualTo("true, '" + reply + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "JS, t/calls, echo, a\\xef\\xbf\\xbd\\xef\\xbf\\xbdb", // a guest that asked for text
    "JS, t/calls, body, a\\xff\\xfeb",
    "JS, t/bytes, echo, a\\xff\\xfeb",
    "PY, t/calls, echo, a\\xff\\xfeb",
    "PY, t/bytes, typed, a\\xff\\xfeb",
  })
  void invalidUtf8_isReplacedInText_andExactInBytes(
      Lang lang, String module, String method, String reply) {
    assertThat(call(lang, module, "return rt:%s('a\\255\\254b')".formatted(method)))
        .isEqualTo("true, '" + reply + "'");
  }

  /** A str can hold what UTF-8 cannot; JavaScript's text is replaced there too. */
  @Test
  void textWithoutUtf8_isReplacedInJs_andAnErrorInPython() {
    assertThat(call(Lang.JS, "return rt:surrogate()")).isEqualTo("true, 'a\\xef\\xbf\\xbdb'");
    assertThat(call(Lang.PY, "return rt:surrogate()"))
        .startsWith("false, 1, '")
        .contains("surrogate");
  }

  @Test
  void decodingInvalidUtf8_isAnErrorInPython() {
    NGINX.get().log().expectError("py:t/calls", "UnicodeDecodeError");
    assertThat(call(Lang.PY, "return rt:decode('a\\255\\254b')"))
        .startsWith("false, 1, '")
        .contains("can't decode byte 0xff in position 1");
    assertThat(call(Lang.PY, "return rt:decode('h\\195\\169')")).isEqualTo("true, 'h\\xc3\\xa9'");
  }

  @ParameterizedTest
  @CsvSource({"JS, t/calls", "JS, t/bytes", "PY, t/calls"})
  void tenMegabytes_passBothWays(Lang lang, String module) {
    String code =
        """
        local big = ("0123456789abcde\\0"):rep(10 * 1024 * 1024 / 16)
        local ok, res = rt:echo(big)
        return ok, #(res or ""), res == big
        """;
    assertThat(call(lang, module, code)).isEqualTo("true, 10485760, true");
  }

  @ParameterizedTest
  @EnumSource
  void sizesAroundPowersOfTwo_pass(Lang lang) {
    String code =
        """
        for bit = 0, 20 do
            for size = 2 ^ bit - 1, 2 ^ bit + 1 do
                local req = ("x"):rep(size - 1) .. "y"
                local ok, res = rt:echo(req)
                if not ok or res ~= req then return size, ok, #tostring(res) end
            end
        end
        return "all"
        """;
    assertThat(call(lang, code)).isEqualTo("'all'");
  }

  @ParameterizedTest
  @EnumSource
  void methodName_reachesTheGuest(Lang lang) {
    assertThat(call(lang, "return rt:method()")).isEqualTo("true, 'method'");
    assertThat(NGINX.get().lua("return load('%s'):any_name('x')", lang.spec("t/fn", "other,c")))
        .isEqualTo("true, 'any_name|c|x'");
    assertThat(
            NGINX
                .get()
                .lua(
                    "local rt = load('%s'); return rt['odd name, \\'quoted\\'\\0.'](rt, 'x')",
                    lang.spec("t/fn", "other,c")))
        .isEqualTo("true, 'odd name, 'quoted'\\x00.|c|x'");
  }

  /** A method's name may come from a client. */
  @Test
  void thousandsOfMethodNames_areFine() {
    String code =
        """
        local rt = load("js:t/fn,other,c")
        for i = 1, 3000 do
            local ok, res = rt["name" .. i](rt, "x")
            if not ok or res ~= ("name%d|c|x"):format(i) then return i, ok, res end
        end
        return rt[("y"):rep(5000)](rt, "x")
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("true, '" + "y".repeat(5000) + "|c|x'");
  }

  @ParameterizedTest
  @EnumSource
  void function_handlesEveryMethod(Lang lang) {
    assertThat(call(lang, "t/fn", "return t.pack(rt:one('a')), t.pack(rt:two('b'))"))
        .isEqualTo("{true, 'null|a'}, {true, 'null|b'}");
  }

  @ParameterizedTest
  @EnumSource
  void config_isAllAfterTheSecondComma(Lang lang) {
    String spec = lang.spec("t/fn", "init,{\"a\":1,\"b\":[2,3], \"c\": \"é\"}");
    assertThat(NGINX.get().lua("return load('%s'):x('y')", spec))
        .isEqualTo("true, '{\"a\":1,\"b\":[2,3], \"c\": \"\\xc3\\xa9\"}|y'");
  }

  @ParameterizedTest
  @EnumSource
  void ownAndClassMembers_areMethods(Lang lang) {
    assertThat(
            call(
                lang,
                "t/members",
                "return t.pack(rt:own()), t.pack(rt:member()), t.pack(rt:inherited())"))
        .isEqualTo("{true, 'own'}, {true, 'member of Demo'}, {true, 'inherited'}");
  }

  @ParameterizedTest
  @EnumSource
  void asyncHandler_isAwaited(Lang lang) {
    assertThat(call(lang, "return rt:later('x')")).isEqualTo("true, 'x'");
    assertThat(call(lang, "local ok, res = rt:later(nil); return ok, res")).isEqualTo("true, nil");
  }

  @ParameterizedTest
  @EnumSource
  void asyncHandlers_overlap(Lang lang) {
    String code =
        """
        local held = {}
        for i = 1, 100 do
            held[i] = ngx.thread.spawn(function() return rt:hold(tostring(i)) end)
        end
        local _, released = rt:release()
        for i = 1, 100 do
            local _, ok, res = ngx.thread.wait(held[i])
            if not ok or res ~= tostring(i) then return i, ok, res end
        end
        return released
        """;
    assertThat(call(lang, code)).isEqualTo("'100'");
  }

  @ParameterizedTest
  @EnumSource
  void callsOfOneCoroutine_runInOrder(Lang lang) {
    String code =
        """
        local _, first = rt:count()
        for i = 1, 500 do
            local ok, res = rt:count()
            if not ok or tonumber(res) ~= tonumber(first) + i then return i, ok, res end
        end
        return "in order"
        """;
    assertThat(call(lang, code)).isEqualTo("'in order'");
  }
}
