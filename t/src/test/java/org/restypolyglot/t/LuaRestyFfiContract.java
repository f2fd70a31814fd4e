package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * What holds for handlers in the form of lua-resty-ffi's own loaders, which poll for their tasks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LuaRestyFfiContract {
  private static final Path EXAMPLES = Path.of("../examples/lua-resty-ffi");

  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private final String prefix;
  private final String loadEcho;

  /**
   * @param prefix of a spec: {@code js}, {@code py}
   * @param loader lua-resty-ffi's own name for it: {@code ffi_nodejs}
   */
  LuaRestyFfiContract(String prefix, String loader) {
    this.prefix = prefix;
    this.loadEcho =
        """
        local options = {is_global = true, timeout = 140, load_timeout = 140}
        local rt = load('%s', 'demo/echo,init', options)
        """
            .formatted(loader);
  }

  /**
   * By file name. {@code odd} has the entry {@code refuse}, which returns 7, and {@code init}; that
   * answers "wait SECONDS" late, "twice" with "once" and once more, "fail" with 9 and "it failed",
   * "never" never, anything else with itself.
   */
  abstract Map<String, String> modules();

  /** An example's text. */
  static String example(String file) {
    try {
      return Files.readString(EXAMPLES.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  void writeModules() {
    writeModules(NGINX.get());
  }

  private void writeModules(Nginx nginx) {
    modules().forEach(nginx::write);
  }

  /** Lua that loads {@code odd} as {@code rt}. */
  private String loadOdd(String config) {
    return "local rt = load('%s:demo/odd,init,%s', nil, {max_queue = 2})\n"
        .formatted(prefix, config);
  }

  @Test
  void load_runsInParallel() {
    String code =
        loadEcho
            + """
            local threads = {}
            for i = 1, 60 do threads[i] = ngx.thread.spawn(function() return rt:echo("call " .. i) end) end
            for i = 1, 60 do
                local _, ok, res = ngx.thread.wait(threads[i])
                if not ok or res ~= "call " .. i then return i, ok, res end
            end
            return "all"
            """;
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(NGINX.get().luaAsync(code));
    }
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo("'all'"));
  }

  @Test
  void unload_answersCallsInFlight_andLoadsAgain() {
    String code =
        loadOdd("cycle")
            + """
            local first = t.pack(rt:any("first"))
            local slow = ngx.thread.spawn(function() return rt:any("wait 0.5") end)
            local other = ngx.thread.spawn(function() return rt:any("wait 0") end)
            rt:__unload()
            local _, ok1, res1 = ngx.thread.wait(slow)
            local _, ok2, res2 = ngx.thread.wait(other)
            return first, ok1, res1, ok2, res2, rt:any("x")
            """;
    for (int i = 0; i < 5; i++) {
      assertThat(NGINX.get().lua(code))
          .isEqualTo(
              "{true, 'first'}, true, 'wait 0.5', true, 'wait 0', false, 'task queue is finished'");
    }
  }

  @Test
  void failures_timeOuts_andSecondAnswers() {
    NGINX.get().expectLog("respond\\(\\) refused: 0x[0-9a-f]+ is no task that awaits a reply");
    String code =
        loadOdd("failures")
            + """
            local failed = t.pack(rt:any("fail"))
            local twice = t.pack(rt:any("twice"))
            local after = t.pack(rt:any("after"))
            local late = t.pack(rt:any("never", {timeout = 0.3}))
            ngx.thread.spawn(function() return rt:any("wait 0.3") end)
            local full = t.pack(rt:any("x"))
            return failed, twice, after, late, full
            """;
    assertThat(NGINX.get().lua(code))
        .isEqualTo(
            "{false, 9, 'it failed'}, {true, 'once'}, {true, 'after'}, {false, 'timeout'}, "
                + "{false, 'post failed, queue full'}");
  }

  @Test
  void initThatReturnsAnotherNumber_failsTheLoad() {
    NGINX.get().expectLog("load failed: .* returned 7");
    String load = "local rt, rc, err = ngx.load_ffi('%s:demo/odd,refuse')\n".formatted(prefix);
    assertThat(NGINX.get().lua(load + "return rt, rc, err"))
        .startsWith("nil, 7, ")
        .contains("returned 7");
  }

  @Test
  void nginxReload_andQuit_endWithoutDelay() {
    String odd = "load('%s:demo/odd,init')".formatted(prefix);
    try (Nginx nginx = new NginxConf().http("keepalive_timeout 0;").start()) {
      writeModules(nginx);
      assertThat(nginx.lua(loadEcho + "return rt:echo('first')")).isEqualTo("true, 'first'");
      CompletableFuture<String> slow = nginx.luaAsync("return " + odd + ":any('wait 1.5')");
      Await.until(
          () -> "the slow call is on its way",
          () -> nginx.lua("return " + odd + ":any('x')").startsWith("true"));
      Set<Long> old = nginx.reload();
      assertThat(nginx.lua(loadEcho + "return rt:echo('second')")).isEqualTo("true, 'second'");
      assertThat(slow.join()).isEqualTo("true, 'wait 1.5'");
      nginx.awaitGone(old);
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
