package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Lua that works for long without yielding, and then calls. */
class BusyLuaTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  /** nginx's timers count from a time that it reads when an event comes. */
  @Test
  void timeout_countsFromTheCall_notFromTheEventBefore() {
    String code =
        """
        local rt = load("js:t/calls,init")
        rt:wait("1") -- so that all is warm
        local ticks = 0
        local ticker = ngx.thread.spawn(function()
            while ticks >= 0 do ticks = ticks + 1; ngx.sleep(0.001) end
        end)
        local begin = os.clock()
        while os.clock() - begin < 2 do end
        local ok, res = rt:wait("20", {timeout = 1.5})
        ticks = -1
        ngx.thread.wait(ticker)
        return ok, res
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("true, 'waited 20'");
  }
}
