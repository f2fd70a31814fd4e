package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Nginx;

/** Handlers in the form of lua-resty-ffi's Python loader: they poll for their tasks in threads. */
class LuaRestyFfiPythonTest extends LuaRestyFfiContract {
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

  LuaRestyFfiPythonTest() {
    super("py", "ffi_python3");
  }

  @Override
  Map<String, String> modules() {
    return Map.of(
        "demo/echo.py", example("python/echo.py"),
        "demo/topics.py", example("python/topics.py"),
        "demo/odd.py", ODD);
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
  void threads_haveTheirNames_andEndAtUnload() {
    String code =
        """
        local rt = load("ffi_python3", "demo/odd,init,threads")
        local names = t.pack(rt:any("threads"))
        rt:__unload()
        return names
        """;
    for (int i = 0; i < 2; i++) {
      assertThat(NGINX.get().lua(code))
          .isEqualTo(
              "{true, 'MainThread Thread-1 (poll) Thread-2 (poll) Thread-3 (poll) Thread-4"
                  + " (answer)'}");
    }
  }

  @Test
  void functionThatIsNotOpen_isNamed() {
    assertThat(NGINX.get().lua("return load('py:demo/odd,init'):any('system')"))
        .startsWith("false, 1, 'C.system is not open to this runtime")
        .contains("native access");
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
}
