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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** Python's sleep, JavaScript's spin; those that they must not delay are of both languages. */
  @ParameterizedTest
  @EnumSource
  void blockedRuntimes_delayNoOther(Lang lang) throws IOException {
    Nginx nginx = NGINX.get();
    Path gate = nginx.prefix().resolve("tmp/gate-" + lang);
    List<CompletableFuture<String>> blocked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String spec = lang.spec("t/gate", "init," + i);
      assertThat(nginx.lua("return load('%s'):echo('loaded')", spec)).isEqualTo("true, 'loaded'");
      blocked.add(nginx.luaAsync("return load('%s'):block('%s', {timeout = 0})", spec, gate));
    }
    String echoes =
        runtimes()
            + """
            for i = 1, 50 do
                for k, rt in ipairs(runtimes) do
                    local ok, res = rt:echo("call " .. i)
                    if not ok or res ~= "call " .. i then return k, i, ok, res end
                end
            end
            return "all answered"
            """;
    assertThat(nginx.lua(echoes)).isEqualTo("'all answered'");
    // A task of a blocked runtime waits for it.
    CompletableFuture<String> queued =
        nginx.luaAsync("return load('%s'):echo('q', {timeout = 0})", lang.spec("t/gate", "init,0"));
    assertThat(nginx.lua(echoes)).isEqualTo("'all answered'");
    assertThat(blocked).noneMatch(CompletableFuture::isDone);
    assertThat(queued).isNotDone();
    Files.createFile(gate);
    assertThat(blocked).allSatisfy(call -> assertThat(call.join()).isEqualTo("true, 'opened'"));
    assertThat(queued.join()).isEqualTo("true, 'q'");
  }
}
