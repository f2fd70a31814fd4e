package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** How a call fails: in the guest, by its result, by time, by the queue's limit. */
class CallErrorsTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static String call(Lang lang, String module, String code) {
    return NGINX.get().lua("local rt = load('%s')\n%s", lang.spec(module), code);
  }

  private static String call(Lang lang, String code) {
    return call(lang, "t/calls", code);
  }

  /** The runtime's name in the log. */
  private static String name(Lang lang) {
    return lang.spec("t/calls").replace(",init", "");
  }

  @ParameterizedTest
  @CsvSource({"JS, fail", "JS, laterfail", "PY, fail", "PY, laterfail"})
  void throwingHandler_isFalseRcMessage(Lang lang, String method) {
    NGINX.get().log().expectError(name(lang), "went wrong: " + method);
    assertThat(call(lang, "return rt:%s('went wrong: %1$s')".formatted(method)))
        .startsWith("false, 1, '")
        .contains("went wrong: " + method);
    assertThat(call(lang, "return rt:echo('still there')")).isEqualTo("true, 'still there'");
  }

  @ParameterizedTest
  @EnumSource
  void errorsRc_reachesLua(Lang lang) {
    NGINX.get().log().expectError(name(lang), "with a code");
    NGINX.get().log().expectError(name(lang), "with zero");
    assertThat(call(lang, "return rt:failrc('with a code')"))
        .startsWith("false, 42, '")
        .contains("with a code");
    assertThat(call(lang, "return rt:failrczero('with zero')")).startsWith("false, 1, '");
  }

  @ParameterizedTest
  @CsvSource({"JS, number, number", "JS, object, object", "PY, number, int", "PY, object, dict"})
  void wrongResultType_isNamed(Lang lang, String method, String type) {
    NGINX.get().log().allow("\\[" + name(lang) + "]");
    assertThat(call(lang, "return rt:%s()".formatted(method)).toLowerCase(java.util.Locale.ROOT))
        .startsWith("false, 1, '")
        .contains(type);
  }

  @ParameterizedTest
  @CsvSource({
    "JS, nosuch",
    "JS, toString",
    "JS, constructor",
    "JS, hasOwnProperty",
    "JS, valueOf",
    "JS, __proto__",
    "JS, __defineGetter__",
    "JS, field",
    "PY, nosuch",
    "PY, __class__",
    "PY, __init__",
    "PY, __dict__",
    "PY, __eq__",
    "PY, _private",
    "PY, field",
  })
  void missingMethod_isNamed(Lang lang, String method) {
    NGINX.get().log().allow("\\[(js|py):t/members]");
    assertThat(call(lang, "t/members", "return rt['%s'](rt, 'x')".formatted(method)))
        .startsWith("false, 1, '")
        .contains(method);
  }

  @ParameterizedTest
  @CsvSource({"JS, wait", "JS, busy", "PY, wait", "PY, busy"})
  void timeout_isFalseTimeout_andTheLateReplyHarmsNobody(Lang lang, String method) {
    String code =
        """
        local rt, method = load("%s"), "%s"
        local first = t.pack(rt[method](rt, "700", {timeout = 0.05}))
        for i = 1, 200 do
            local ok, res = rt:echo("call " .. i)
            if not ok or res ~= "call " .. i then return i, ok, res end
        end
        ngx.sleep(0.8)
        for i = 1, 200 do
            local ok, res = rt:echo("late " .. i)
            if not ok or res ~= "late " .. i then return i, ok, res end
        end
        return first
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls"), method)).isEqualTo("{false, 'timeout'}");
  }

  @ParameterizedTest
  @EnumSource
  void manyTimeouts_mixUpNoReplies(Lang lang) {
    String code =
        """
        local timeouts = 0
        local results = t.parallel(200, function(i)
            if i % 2 == 0 then return rt:wait("30", {timeout = 0.001 * (i % 60)}) end
            return rt:later("reply " .. i)
        end)
        for i, result in ipairs(results) do
            if i % 2 == 1 and result[2] ~= "reply " .. i then return i, result end
            if i % 2 == 0 then
                if result[2] == "timeout" then
                    timeouts = timeouts + 1
                elseif result[2] ~= "waited 30" then
                    return i, result
                end
            end
        end
        return timeouts > 0
        """;
    assertThat(call(lang, code)).isEqualTo("true");
  }

  @ParameterizedTest
  @EnumSource
  void runtimesTimeout_boundsEachCall(Lang lang) {
    String code =
        """
        local rt = load('%s', nil, {timeout = 0.05})
        return t.pack(rt:wait("60000")), t.pack(rt:wait("200", {timeout = 0})), t.pack(rt:wait("200", {timeout = 30}))
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,timeout")))
        .isEqualTo("{false, 'timeout'}, {true, 'waited 200'}, {true, 'waited 200'}");
  }

  @ParameterizedTest
  @EnumSource
  void maxQueue_isExact(Lang lang) {
    String code =
        """
        local rt = load('%s', nil, {max_queue = 5})
        local threads = {}
        for i = 1, 5 do
            threads[i] = ngx.thread.spawn(function() return rt:hold(tostring(i)) end)
        end
        local sixth = t.pack(rt:release())
        local again = t.pack(rt:echo("x"))
        for i = 1, 5 do ngx.thread.kill(threads[i]) end
        return sixth, again
        """;
    String refused = "{false, 'post failed, queue full'}";
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,max")))
        .isEqualTo(refused + ", " + refused);
  }

  @ParameterizedTest
  @EnumSource
  void maxQueue_ofOne_isFreeAfterEachReply(Lang lang) {
    String code =
        """
        local rt = load('%s', nil, {max_queue = 1})
        for i = 1, 300 do
            local ok, res = rt:echo(tostring(i))
            if not ok then return i, ok, res end
        end
        return "never full"
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,max1"))).isEqualTo("'never full'");
  }

  @ParameterizedTest
  @EnumSource
  void maxQueue_countsATimedOutCallThatStillRuns(Lang lang) {
    String code =
        """
        local rt = load('%s', nil, {max_queue = 1})
        local first = t.pack(rt:busy("1500", {timeout = 0.05}))
        local second = t.pack(rt:echo("too early"))
        local ok, res
        repeat
            ngx.sleep(0.05)
            ok, res = rt:echo("free again")
        until ok or res ~= "post failed, queue full"
        return first, second, ok, res
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,running")))
        .isEqualTo("{false, 'timeout'}, {false, 'post failed, queue full'}, true, 'free again'");
  }
}
