package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers in the form of lua-resty-ffi's Node loader: they poll for their tasks in a Worker. */
class LuaRestyFfiNodeTest extends LuaRestyFfiContract {
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
            else if (req.startsWith('wait ')) setTimeout(() => ffi.respond(task, 0, req), req.slice(5) * 1000);
            else if (req === 'bytes') ffi.respond(task, 0, Buffer.from([0, 255]));
            else if (req !== 'never') ffi.respond(task, 0, req);
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

  LuaRestyFfiNodeTest() {
    super("js", "ffi_nodejs");
  }

  @Override
  Map<String, String> modules() {
    return Map.of("demo/echo.js", example("nodejs/echo.js"), "demo/odd.js", ODD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local rt = load('ffi_nodejs', 'demo/echo,init', {is_global = true})\n",
        "local rt = load('js:demo/echo,init')\n"
      })
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
  void reply_mayBeBytes() {
    assertThat(NGINX.get().lua("return load('js:demo/odd,init'):any('bytes')"))
        .isEqualTo("true, '\\x00\\xff'");
  }
}
