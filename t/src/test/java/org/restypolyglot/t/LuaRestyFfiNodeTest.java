package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Handlers in the form of lua-resty-ffi's Node loader: they poll for their tasks in a Worker. */
class LuaRestyFfiNodeTest {
  private static final Path EXAMPLE = Path.of("../examples/lua-resty-ffi/nodejs/echo.js");

  private static final String THEIRS =
      "local rt = load('ffi_nodejs', 'demo/echo,init', {is_global = true})\n";
  private static final String OURS = "local rt = load('js:demo/echo,init')\n";

  /** Answers at once, late, twice, or never, as the request says. */
  private static final String ODD =
      """
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      const ffi = require('resty_ffi');
      if (isMainThread) {
        exports.init = (cfg, tq) => {
          const worker = new Worker(__filename);
          worker.on('message', (task) => {
            const req = ffi.get_req(task);
            if (req === 'twice') { ffi.respond(task, 0, 'once'); ffi.respond(task, 0, 'twice'); }
            else if (req === 'fail') ffi.respond(task, 9, 'it failed');
            else if (req.startsWith('wait ')) setTimeout(() => ffi.respond(task, 0, req), +req.slice(5));
            else if (req !== 'never') ffi.respond(task, 0, Buffer.from([0, 255]));
          });
          worker.postMessage(tq);
          return 0;
        };
        exports.refuse = (cfg, tq) => 7;
      } else {
        parentPort.once('message', (tq) => {
          for (let task; (task = ffi.poll_task(tq)) != 0;) parentPort.postMessage(task);
        });
      }
      """;

  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  @BeforeAll
  static void writeModules() {
    writeModules(NGINX.get());
  }

  private static void writeModules(Nginx nginx) {
    try {
      nginx.write("demo/echo.js", Files.readString(EXAMPLE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    nginx.write("demo/odd.js", ODD);
  }

  @ParameterizedTest
  @ValueSource(strings = {THEIRS, OURS})
  void requestsOfAllKinds_comeBack(String load) {
    String code =
        load
            + """
            local big = ("x"):rep(1e7)
            local _, back = rt:echo(big)
            local _, none = rt:echo()
            local ok, text = rt:echo("hello")
            local _, empty = rt:echo("")
            local _, nul = rt:echo("a\\0b")
            local _, invalid = rt:echo("a\\255")
            return ok, text, none, empty, nul, invalid, back == big
            """;
    assertThat(NGINX.get().lua(code))
        .isEqualTo("true, 'hello', nil, '', 'a\\x00b', 'a\\xef\\xbf\\xbd', true");
  }

  @Test
  void load_runsInParallel() {
    String code =
        OURS
            + """
            local threads = {}
            for i = 1, 200 do threads[i] = ngx.thread.spawn(function() return rt:echo("call " .. i) end) end
            for i = 1, 200 do
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
  void unload_andLoadAgain() {
    String code =
        """
        for i = 1, 8 do
            local rt = load("ffi_nodejs", "demo/echo,init,cycle")
            local ok, res = rt:echo("cycle " .. i)
            if not ok or res ~= "cycle " .. i then return i, ok, res end
            rt:__unload()
            local refused, why = rt:echo("x")
            if refused or why ~= "task queue is finished" then return i, refused, why end
        end
        return "eight times"
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("'eight times'");
  }

  @Test
  void unload_answersCallsInFlight() {
    String code =
        """
        local rt = load("js:demo/odd,init,in-flight")
        local slow = ngx.thread.spawn(function() return rt:any("wait 500") end)
        local other = ngx.thread.spawn(function() return rt:any("wait 0") end)
        rt:__unload()
        local _, ok1, res1 = ngx.thread.wait(slow)
        local _, ok2, res2 = ngx.thread.wait(other)
        return ok1, res1, ok2, res2
        """;
    assertThat(NGINX.get().lua(code)).isEqualTo("true, 'wait 500', true, 'wait 0'");
  }

  @Test
  void failures_timeOuts_andSecondAnswers() {
    NGINX.get().expectLog("respond\\(\\) refused: 0x[0-9a-f]+ is no task that awaits a reply");
    String code =
        """
        local rt = load("js:demo/odd,init", nil, {max_queue = 2})
        local bytes = t.pack(rt:any("bytes"))
        local failed = t.pack(rt:any("fail"))
        local twice = t.pack(rt:any("twice"))
        local late = t.pack(rt:any("never", {timeout = 0.3}))
        ngx.thread.spawn(function() return rt:any("wait 300") end)
        local full = t.pack(rt:any("x"))
        return bytes, failed, twice, late, full
        """;
    assertThat(NGINX.get().lua(code))
        .isEqualTo(
            "{true, '\\x00\\xff'}, {false, 9, 'it failed'}, {true, 'once'}, {false, 'timeout'}, "
                + "{false, 'post failed, queue full'}");
  }

  @Test
  void initThatReturnsAnotherNumber_failsTheLoad() {
    NGINX.get().expectLog("load failed: .* returned 7");
    assertThat(
            NGINX
                .get()
                .lua("local rt, rc, err = ngx.load_ffi('js:demo/odd,refuse')\nreturn rt, rc, err"))
        .startsWith("nil, 7, ")
        .contains("returned 7");
  }

  @Test
  void nginxReload_andQuit_endWithoutDelay() {
    try (Nginx nginx = new NginxConf().http("keepalive_timeout 0;").start()) {
      writeModules(nginx);
      assertThat(nginx.lua(THEIRS + "return rt:echo('first')")).isEqualTo("true, 'first'");
      CompletableFuture<String> slow =
          nginx.luaAsync("return load('js:demo/odd,init'):any('wait 1500')");
      Await.until(
          () -> "the slow call is on its way",
          () -> nginx.lua("return load('js:demo/odd,init'):any('bytes')").startsWith("true"));
      Set<Long> old = nginx.reload();
      assertThat(nginx.lua(THEIRS + "return rt:echo('second')")).isEqualTo("true, 'second'");
      assertThat(slow.join()).isEqualTo("true, 'wait 1500'");
      nginx.awaitGone(old);
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
