package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * Handlers that do not end, or that take all memory or stack: who pays for it, and what is left.
 */
class RunawayTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  /** A neighbour of each language answers all the time; a queued call is answered in the end. */
  static final String RUN =
      """
      local neighbours = {load("js:t/calls,init,near"), load("py:t/calls,init,near")}
      local rt = load("%1$s")
      rt:later("warm")
      local wild = ngx.thread.spawn(function() return rt:%2$s(nil, {timeout = 1}) end)
      local queued = ngx.thread.spawn(function() ngx.sleep(0.2) return rt:echo("queued", {timeout = 120}) end)
      local served, done = 0, false
      ngx.thread.spawn(function()
          while not done do
              for _, near in ipairs(neighbours) do
                  local ok, res = near:echo("near")
                  if not ok then served = res return end
              end
              served = served + 1
              ngx.sleep(0.01)
          end
      end)
      local results = t.pack(select(2, ngx.thread.wait(wild)))
      local _, ok, res = ngx.thread.wait(queued)
      done = true
      local _, _, later = ngx.thread.wait(ngx.thread.spawn(rt.later, rt, "later", {timeout = 120}))
      rt:__unload()
      return results, t.pack(ok, res), later, served > 0
      """;

  @ParameterizedTest
  @CsvSource({
    "JS, spin",
    "JS, spin_later",
    "JS, stubborn",
    "PY, spin",
    "PY, spin_later",
    "PY, stubborn",
    "PY, block"
  })
  void endlessHandler_costsItsOwnCallAlone(Lang lang, String method) {
    Nginx nginx = NGINX.get();
    String name = lang.spec("t/runaway").replaceAll(",.*", "");
    nginx.log().allow("\\[error] .*\\[" + name + "] .*");
    assertThat(nginx.lua(RUN, lang.spec("t/runaway", "init," + method), method))
        .isEqualTo("{false, 'timeout'}, {true, 'queued'}, 'later', true");
    nginx.expectLog("\\[warn] .*\\[" + name + "] .*runs on after its time-out; it is interrupted");
  }

  @ParameterizedTest
  @EnumSource
  void entryWithoutAnEnd_failsTheLoad_andTheNextOneIsTried(Lang lang) {
    Nginx nginx = NGINX.get();
    for (String entry : new String[] {"spinning", "unsettled"}) {
      String code =
          """
          local spec = "%s"
          local first = t.pack(ngx.load_ffi(spec, nil, {timeout = 2, load_timeout = 2}))
          local again
          for _ = 1, 100 do
              again = t.pack(ngx.load_ffi(spec, nil, {timeout = 2, load_timeout = 2}))
              if not again[3]:find("^timeout") then break end
              ngx.sleep(0.1)
          end
          return first[1], again[1], again[3]
          """;
      assertThat(nginx.lua(code, lang.spec("t/runaway", entry)))
          .startsWith("nil, nil, '" + entry + " takes longer than 2 s");
      nginx.expectLog("\\[error] .*load failed: " + entry + " takes longer than 2 s");
    }
  }

  /** What blocks is got out of it: the context and its state stay. */
  @ParameterizedTest
  @ValueSource(strings = {"block", "block_float", "receive", "accept", "read_pipe"})
  void blockedPython_isInterrupted(String method) {
    Nginx nginx = NGINX.get();
    nginx.log().allow("\\[error] .*\\[py:t/runaway] .*");
    String code =
        """
        local rt = load("py:t/runaway,init,blocked")
        rt:count()
        local ok, err = rt:%s(nil, {timeout = 0.2})
        local _, counted = rt:count(nil, {timeout = 120})
        rt:__unload()
        return ok, err, counted
        """;
    assertThat(nginx.lua(code, method)).isEqualTo("false, 'timeout', '2'");
  }

  /** The time-out is so long that the loop is compiled by then. */
  @Test
  void compiledLoop_isInterrupted_andItsFunctionTidiesUp() {
    Nginx nginx = NGINX.get();
    nginx.log().allow("\\[error] .*\\[py:t/runaway] .*");
    String code =
        """
        local rt = load("py:t/runaway,init,locked")
        local ok, err = rt:hold_lock(nil, {timeout = 6})
        local _, state = rt:calls_and_lock(nil, {timeout = 120})
        rt:__unload()
        return ok, err, state
        """;
    assertThat(nginx.lua(code)).isEqualTo("false, 'timeout', '1 True'");
  }
}
