package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Many calls at once over several runtimes, and runtimes that do not wait for one another. */
class ConcurrencyTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Path cLibrary = Path.of("unset");

  @BeforeAll
  static void buildLibrary() throws Exception {
    cLibrary = NativeLibrary.compile("echo.c", NGINX.get().prefix().resolve("tmp"));
  }

  private static String runtimes() {
    return """
        local runtimes = {
            load("js:t/calls,init"), load("js:t/fn,echo"), load("js:t/bytes,init"),
            load("py:t/calls,init"), load("py:t/fn,echo"), load("%s", "two threads"),
        }
        """
        .formatted(cLibrary);
  }

  @Test
  void fiveHundredInFlight_areNotMixedUp() {
    String code =
        runtimes()
            + """
            for round = 1, 5 do
                local result = t.all(500, function(i)
                    local rt = runtimes[i % #runtimes + 1]
                    return rt:echo(("reply %d of round %d "):format(i, round):rep(i))
                end, function(i)
                    return ("reply %d of round %d "):format(i, round):rep(i)
                end)
                if result ~= "all as expected" then return result end
            end
            return "all as expected"
            """;
    assertThat(NGINX.get().lua(code)).isEqualTo("'all as expected'");
  }

  @Test
  void asyncHandlersInFlight_areNotMixedUp() {
    String code =
        """
        local js, py = load("js:t/calls,init"), load("py:t/calls,init")
        return t.all(500, function(i)
            local rt = i % 2 == 0 and js or py
            local method = i % 3 == 0 and "echo" or "later"
            return rt[method](rt, "reply " .. i)
        end, function(i) return "reply " .. i end)
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("'all as expected'");
  }

  @Test
  void requestsOfManyClients_areNotMixedUp() {
    Nginx nginx = NGINX.get();
    String code =
        runtimes()
            + """
            local n = %d
            local ok, res = runtimes[n %% #runtimes + 1]:echo("client " .. n)
            return ok, res
            """;
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      answers.add(nginx.luaAsync(code, i));
    }
    for (int i = 0; i < 500; i++) {
      assertThat(answers.get(i).join()).isEqualTo("true, 'client " + i + "'");
    }
  }

  @Test
  void blockedRuntimes_delayNoOther() throws IOException {
    Nginx nginx = NGINX.get();
    Path gate = nginx.prefix().resolve("tmp/gate");
    List<CompletableFuture<String>> blocked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      blocked.add(nginx.luaAsync("return load('py:t/gate,init,%d'):block('%s')", i, gate));
    }
    String echoes =
        runtimes()
            + """
            for i = 1, 300 do
                for k, rt in ipairs(runtimes) do
                    local ok, res = rt:echo("call " .. i)
                    if not ok or res ~= "call " .. i then return k, i, ok, res end
                end
            end
            return "all answered"
            """;
    assertThat(nginx.lua(echoes)).isEqualTo("'all answered'");
    // A task of a blocked runtime waits for it.
    CompletableFuture<String> queued = nginx.luaAsync("return load('py:t/gate,init,0'):echo('q')");
    assertThat(nginx.lua(echoes)).isEqualTo("'all answered'");
    assertThat(blocked).noneMatch(CompletableFuture::isDone);
    assertThat(queued).isNotDone();
    Files.createFile(gate);
    assertThat(blocked).allSatisfy(call -> assertThat(call.join()).isEqualTo("true, 'opened'"));
    assertThat(queued.join()).isEqualTo("true, 'q'");
  }

  /** The spinning handler is in the same language as those that it must not delay. */
  @Test
  void spinningJs_delaysNoOther() {
    String code =
        runtimes()
            + """
            local done = {}
            local spinning = {}
            for i = 1, 3 do
                local rt = load("js:t/calls,init,spin" .. i)
                rt:echo("warm")
                spinning[i] = ngx.thread.spawn(function()
                    local _, res = rt:busy("5000")
                    done[i] = res
                end)
            end
            for i = 1, 20 do
                for k, rt in ipairs(runtimes) do
                    local ok, res = rt:echo("call " .. i)
                    if not ok or res ~= "call " .. i then return k, i, ok, res end
                end
            end
            local before = #done
            for i = 1, 3 do ngx.thread.wait(spinning[i]) end
            return before, done
            """;
    assertThat(NGINX.get().lua(code))
        .isEqualTo("0, {'busy for 5000', 'busy for 5000', 'busy for 5000'}");
  }
}
