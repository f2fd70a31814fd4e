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
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Handlers in the form of lua-resty-ffi's Python loader: they poll for their tasks in threads. */
class LuaRestyFfiPythonTest {
  private static final Path EXAMPLES = Path.of("../examples/lua-resty-ffi/python");

  private static final String ECHO =
      "local rt = load('ffi_python3', 'demo/echo,init', {is_global = true, timeout = 140, load_timeout = 140})\n";

  /** Answers at once, late, twice, or never, as the request says. */
  private static final String ODD =
      """
      import os, threading, time
      from cffi import FFI
      ffi = FFI()
      ffi.cdef('''
      char *strdup(const char *s);
      void *ngx_http_lua_ffi_task_poll(void *p);
      char *ngx_http_lua_ffi_get_req(void *tsk, int *len);
      void ngx_http_lua_ffi_respond(void *tsk, int rc, char *rsp, int rsp_len);
      int system(const char *command);
      ''')
      C = ffi.dlopen(None)
      respond = C.ngx_http_lua_ffi_respond

      def answer(task, req):
          if req.startswith(b"wait "):
              time.sleep(float(req[5:]))
              respond(task, 0, C.strdup(req), 0)
          elif req == b"twice":
              respond(task, 0, C.strdup(b"once"), 0)
              respond(task, 0, C.strdup(b"again"), 0)
              respond(ffi.cast("void *", 12345), 0, C.strdup(b"made up"), 0)
              respond(ffi.NULL, 0, ffi.NULL, 0)
          elif req == b"fail": respond(task, 9, C.strdup(b"it failed"), 0)
          elif req == b"system":
              try: C.system(b"true")
              except AttributeError as error: respond(task, 1, C.strdup(str(error).encode()), 0)
          elif req == b"threads":
              names = sorted(t.name for t in threading.enumerate())
              respond(task, 0, C.strdup(" ".join(names).encode()), 0)
          elif req != b"never": respond(task, 0, C.strdup(req), 0)

      def poll(tq):
          while True:
              task = C.ngx_http_lua_ffi_task_poll(ffi.cast("void*", tq))
              if task == ffi.NULL: break
              req = ffi.string(C.ngx_http_lua_ffi_get_req(task, ffi.NULL))
              threading.Thread(target=answer, args=(task, req), daemon=True).start()
          print("odd ends")

      def init(cfg, tq):
          for _ in range(3): threading.Thread(target=poll, args=(tq,), daemon=True).start()
          return 0
      def refuse(cfg, tq): return 7
      """;

  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  @BeforeAll
  static void writeModules() {
    writeModules(NGINX.get());
  }

  private static void writeModules(Nginx nginx) {
    try {
      nginx.write("demo/echo.py", Files.readString(EXAMPLES.resolve("echo.py")));
      nginx.write("demo/topics.py", Files.readString(EXAMPLES.resolve("topics.py")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    nginx.write("demo/odd.py", ODD);
  }

  /** One runtime for each of the three names, at the same time. */
  @Test
  void requestsOfAllKinds_comeBack_underAllNames() {
    String code =
        """
        local all = {}
        for i, name in ipairs({"ffi_python3", "resty_ffi_python", false}) do
            local rt
            if name then
                rt = load(name, "demo/echo,init,name", {is_global = true})
            else
                rt = load("py:demo/echo,init,name")
            end
            local big = ("x"):rep(1e7)
            local _, back = rt:echo(big)
            local _, none = rt:echo()
            local ok, text = rt:echo("hello")
            local _, empty = rt:echo("")
            local _, bytes = rt:echo("a\\0b\\255")
            all[i] = t.pack(ok, text, none, empty, bytes, back == big)
        end
        return all[1], all[2], all[3]
        """;
    String one = "{true, 'hello', nil, '', 'a\\x00b\\xff', true}";
    assertThat(NGINX.get().lua(code)).isEqualTo(String.join(", ", one, one, one));
  }

  @Test
  void load_runsInParallel() {
    String code =
        ECHO
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
    for (int i = 0; i < 5; i++) {
      calls.add(NGINX.get().luaAsync(code));
    }
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo("'all'"));
  }

  @Test
  void tasks_waitInQueues_andErrorsHaveTheirRc() {
    String code =
        """
        local rt = load("ffi_python3", 'demo/topics,init,{"topic": "a, b"}', {is_global = true})
        local waiting = ngx.thread.spawn(function() return rt:consume('{"type": "consume"}') end)
        local produced = t.pack(rt:produce('{"type": "produce", "msg": "hello"}'))
        local _, ok, res = ngx.thread.wait(waiting)
        local wrong = t.pack(rt:any('{"type": "x"}'))
        return produced, ok, res, wrong, (select(2, rt:any("{")))
        """;
    assertThat(NGINX.get().lua(code))
        .isEqualTo(
            "{true, nil}, true, '{\"topic\": \"a, b\", \"offset\": 0, \"value\": \"hello\"}', "
                + "{false, -1, 'type 'x' is neither produce nor consume'}, 2");
  }

  @Test
  void unload_answersCallsInFlight_endsTheThreads_andLoadsAgain() {
    String code =
        """
        local all = {}
        for i = 1, 3 do
            local rt = load("ffi_python3", "demo/odd,init,cycle")
            local names = select(2, rt:any("threads"))
            local slow = ngx.thread.spawn(function() return rt:any("wait 0.5") end)
            local other = ngx.thread.spawn(function() return rt:any("wait 0") end)
            rt:__unload()
            local _, ok1, res1 = ngx.thread.wait(slow)
            local _, ok2, res2 = ngx.thread.wait(other)
            all[i] = t.pack(ok1, res1, ok2, res2, names, rt:any("x"))
        end
        return all[1], all[2], all[3]
        """;
    String one =
        "{true, 'wait 0.5', true, 'wait 0', 'MainThread Thread-1 (poll) Thread-2 (poll) "
            + "Thread-3 (poll) Thread-4 (answer)', false, 'task queue is finished'}";
    assertThat(NGINX.get().lua(code)).isEqualTo(String.join(", ", one, one, one));
  }

  @Test
  void failures_timeOuts_andMisuse() {
    NGINX.get().expectLog("respond\\(\\) refused: 0x[0-9a-f]+ is no task that awaits a reply");
    String code =
        """
        local rt = load("py:demo/odd,init", nil, {max_queue = 2})
        local failed = t.pack(rt:any("fail"))
        local twice = t.pack(rt:any("twice"))
        local after = t.pack(rt:any("after"))
        local system = select(3, rt:any("system"))
        local late = t.pack(rt:any("never", {timeout = 0.3}))
        ngx.thread.spawn(function() return rt:any("wait 0.3") end)
        local full = t.pack(rt:any("x"))
        return failed, twice, after, late, full, system
        """;
    assertThat(NGINX.get().lua(code))
        .startsWith(
            "{false, 9, 'it failed'}, {true, 'once'}, {true, 'after'}, {false, 'timeout'}, "
                + "{false, 'post failed, queue full'}, 'C.system is not open to this runtime")
        .contains("native access");
  }

  @Test
  void initThatReturnsAnotherNumber_failsTheLoad() {
    NGINX.get().expectLog("load failed: .* returned 7");
    assertThat(
            NGINX
                .get()
                .lua("local rt, rc, err = ngx.load_ffi('py:demo/odd,refuse')\nreturn rt, rc, err"))
        .startsWith("nil, 7, ")
        .contains("returned 7");
  }

  @Test
  void changes_areLoadedByTheNextLoad() {
    Nginx nginx = NGINX.get();
    nginx.write("demo/fresh.py", ODD.replace("C.strdup(req)", "C.strdup(b\"old\")"));
    String load = "local rt = load('py:demo/fresh?,init')\n";
    assertThat(nginx.lua(load + "return rt:any('x')")).isEqualTo("true, 'old'");
    nginx.write("demo/fresh.py", ODD.replace("C.strdup(req)", "C.strdup(b\"new\")"));
    assertThat(nginx.lua(load + "rt:__unload()\n" + load + "return rt:any('x')"))
        .isEqualTo("true, 'new'");
  }

  @Test
  void nginxReload_andQuit_endWithoutDelay() {
    try (Nginx nginx = new NginxConf().http("keepalive_timeout 0;").start()) {
      writeModules(nginx);
      assertThat(nginx.lua(ECHO + "return rt:echo('first')")).isEqualTo("true, 'first'");
      CompletableFuture<String> slow =
          nginx.luaAsync("return load('py:demo/odd,init'):any('wait 1.5')");
      Await.until(
          () -> "the slow call is on its way",
          () -> nginx.lua("return load('py:demo/odd,init'):any('x')").startsWith("true"));
      Set<Long> old = nginx.reload();
      assertThat(nginx.lua(ECHO + "return rt:echo('second')")).isEqualTo("true, 'second'");
      assertThat(slow.join()).isEqualTo("true, 'wait 1.5'");
      nginx.awaitGone(old);
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
