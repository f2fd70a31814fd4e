package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Where one may load and call, and what the other phases say. */
class PhasesTest {
  private static final String JS = "ngx.load_ffi('js:t/calls,init')";

  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(
          new NginxConf()
              .http(
                  """
                  init_by_lua_block {
                      require "resty_ffi"
                      local rt, rc, err = ngx.load_ffi("js:t/calls,init")
                      ngx.shared.test:set("init", tostring(rt) .. " " .. tostring(rc) .. " " .. tostring(err))
                  }
                  init_worker_by_lua_block {
                      local rt = assert(ngx.load_ffi("js:t/calls,init,worker"))
                      from_init_worker = rt
                      local ok, done, why, more = pcall(rt.echo, rt, "too early")
                      ngx.shared.test:set("init_worker", tostring(done) .. " " .. tostring(why) .. " " .. tostring(more))
                      ngx.timer.at(0, function()
                          local ok, res = rt:echo("from a timer of init_worker")
                          ngx.shared.test:set("init_worker_timer", tostring(ok) .. " " .. tostring(res))
                      end)
                  }
                  """)
              .server(
                  """
                  location = /rewrite {
                      rewrite_by_lua_block { local ok, res = %1$s:echo("in rewrite"); ngx.ctx.res = res }
                      content_by_lua_block { ngx.print(ngx.ctx.res) }
                  }
                  location = /access {
                      access_by_lua_block { local ok, res = %1$s:echo("in access"); ngx.ctx.res = res }
                      content_by_lua_block { ngx.print(ngx.ctx.res) }
                  }
                  location = /content {
                      content_by_lua_block { local ok, res = %1$s:echo(ngx.var.arg_x); ngx.print(res) }
                  }
                  location = /subrequests {
                      content_by_lua_block {
                          local a, b = ngx.location.capture_multi{{"/content?x=one"}, {"/content?x=two"}}
                          ngx.print(a.body, " and ", b.body)
                      }
                  }
                  location = /set {
                      set_by_lua_block $result { return call_in("set", %1$s) }
                      content_by_lua_block { ngx.print("served") }
                  }
                  location = /header_filter {
                      content_by_lua_block { ngx.print("served") }
                      header_filter_by_lua_block { call_in("header_filter", %1$s) }
                  }
                  location = /body_filter {
                      content_by_lua_block { ngx.print("served") }
                      body_filter_by_lua_block { call_in("body_filter", %1$s) }
                  }
                  location = /log {
                      content_by_lua_block { ngx.print("served") }
                      log_by_lua_block { call_in("log", %1$s) }
                  }
                  location = /exit {
                      content_by_lua_block {
                          local rt = %1$s
                          ngx.thread.spawn(function() return rt:wait("300") end)
                          ngx.exit(200)
                      }
                  }
                  location = /slow {
                      content_by_lua_block { ngx.print((select(2, %1$s:wait(ngx.var.arg_ms)))) }
                  }
                  location = /slow_checked {
                      lua_check_client_abort on;
                      content_by_lua_block { ngx.print((select(2, %1$s:wait(ngx.var.arg_ms)))) }
                  }
                  """
                      .formatted(JS)));

  @BeforeAll
  static void loadAndDefineHelper() {
    NGINX
        .get()
        .write(
            "lua/top.lua",
            """
        require "resty_ffi"
        local rt = ngx.load_ffi("js:t/fn,init,top")
        return {call = function(...) return rt:call(...) end}
        """);
    // A global, as every phase of every location sees it.
    NGINX
        .get()
        .lua(
            """
        _G.call_in = function(phase, rt)
            local ok, done, why, more = pcall(rt.echo, rt, "x")
            ngx.shared.test:set(phase, tostring(done) .. " " .. tostring(why) .. " " .. tostring(more))
        end
        """);
    NGINX.get().expectLog("writing a global|call_in|from_init_worker");
    NGINX.get().check();
    assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
  }

  private static String said(String phase) {
    Nginx nginx = NGINX.get();
    String read = "return ngx.shared.test:get('%s')".formatted(phase);
    Await.until("the " + phase + " phase", () -> !nginx.lua(read).equals("nil"));
    return nginx.lua(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewrite", "access"})
  void phasesBeforeContent_call(String phase) {
    assertThat(NGINX.get().get("/" + phase)).isEqualTo("in " + phase);
  }

  @Test
  void subrequests_call() {
    assertThat(NGINX.get().get("/subrequests")).isEqualTo("one and two");
  }

  @ParameterizedTest
  @EnumSource
  void timer_loadsAndCalls(Lang lang) {
    String code =
        """
        ngx.shared.test:delete("timer")
        assert(ngx.timer.at(0, function()
            local rt, rc, err = ngx.load_ffi("%s")
            local ok, res = rt:x("in a timer")
            ngx.shared.test:set("timer", tostring(ok) .. " " .. tostring(res))
        end))
        """;
    NGINX.get().lua(code, lang.spec("t/fn", "init,timer" + lang));
    assertThat(said("timer")).isEqualTo("'true timer" + lang + "|in a timer'");
  }

  @Test
  void initByLua_refuses_andTheWorkerLoads() {
    assertThat(said("init")).startsWith("'nil ").contains("init_by_lua").contains("init_worker");
  }

  @Test
  void initWorker_loadsAtOnce_andRefusesCalls() {
    assertThat(said("init_worker")).startsWith("'false ").contains("init_worker");
    assertThat(said("init_worker_timer")).isEqualTo("'true from a timer of init_worker'");
    assertThat(
            NGINX
                .get()
                .lua(
                    "return from_init_worker:echo('later'), from_init_worker == load('js:t/calls,init,worker')"))
        .isEqualTo("true, true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"set", "header_filter", "body_filter", "log"})
  void phasesThatCannotYield_sayWhatToDo(String phase) {
    assertThat(NGINX.get().get("/" + phase)).isEqualTo("served");
    assertThat(said(phase)).containsPattern("^'(false )?.*" + Pattern.quote(phase));
    assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
  }

  @Test
  void topOfARequiredModule_loads() {
    assertThat(NGINX.get().lua("return require('top').call('x')")).isEqualTo("true, 'top|x'");
  }

  @ParameterizedTest
  @EnumSource
  void killedLightThread_harmsNobody(Lang lang) {
    String code =
        """
        local rt = load("%s")
        for round = 1, 20 do
            local threads = {}
            for i = 1, 20 do
                threads[i] = ngx.thread.spawn(function()
                    return rt[i %% 2 == 0 and "later" or "wait"](rt, tostring(20))
                end)
            end
            for i = 1, 20 do ngx.thread.kill(threads[i]) end
            local result = t.all(20, function(i) return rt:echo("round " .. i) end,
                function(i) return "round " .. i end)
            if result ~= "all as expected" then return round, result end
            ngx.sleep(0.005)
        end
        return "unharmed"
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls"))).isEqualTo("'unharmed'");
  }

  @Test
  void exitWithACallInFlight_harmsNobody() {
    for (int i = 0; i < 30; i++) {
      assertThat(NGINX.get().get("/exit")).isEmpty();
      assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')"))
          .isEqualTo("true, 'x'");
    }
    assertThat(NGINX.get().lua("ngx.sleep(0.5) return load('js:t/calls,init'):echo('x')"))
        .isEqualTo("true, 'x'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/slow", "/slow_checked"})
  void clientThatGoesAway_harmsNobody(String path) throws IOException {
    Nginx nginx = NGINX.get();
    for (int i = 0; i < 30; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
        OutputStream out = socket.getOutputStream();
        String request = "GET " + path + "?ms=" + i * 10 + " HTTP/1.1\r\nHost: a\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      }
    }
    assertThat(nginx.lua("ngx.sleep(0.5) return load('js:t/calls,init'):echo('x')"))
        .isEqualTo("true, 'x'");
  }
}
