package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * Where one may load and call, and what the other phases say; those of TLS are in {@link
 * TlsPhasesTest}.
 */
class PhasesTest {

  /** A phase of lua-nginx-module, named as {@code ngx.get_phase()} does; and how it is reached. */
  private enum Phase {
    // In the configurations, CALL is the Lua that loads and calls, and keeps what came of it.
    SERVER_REWRITE(true, "SERVER server_rewrite_by_lua_block { CALL }"),
    REWRITE(true, "rewrite_by_lua_block { CALL }"),
    ACCESS(true, "access_by_lua_block { CALL }"),
    CONTENT(true, "content_by_lua_block { CALL ngx.print('served') }"),
    SET(false, "set_by_lua_block $unused { CALL }"),
    HEADER_FILTER(false, "header_filter_by_lua_block { CALL }"),
    BODY_FILTER(false, "body_filter_by_lua_block { CALL }"),
    LOG(false, "log_by_lua_block { CALL }"),
    BALANCER(false, "proxy_pass http://balancer_LANG/plain;");

    private static final String SERVED = "content_by_lua_block { ngx.print('served') }";

    private final boolean canYield;
    private final String conf;

    Phase(boolean canYield, String conf) {
      this.canYield = canYield;
      this.conf = conf;
    }

    String phase() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isKnown() {
      return NginxConf.knows(phase() + "_by_lua_block");
    }

    boolean isForServers() {
      return conf.startsWith("SERVER ");
    }

    String path(Lang lang) {
      return "/" + phase() + lang;
    }

    /** What the Lua calls with, and where it keeps the outcome. */
    String key(Lang lang) {
      return "in " + phase() + " of " + lang;
    }

    String call(Lang lang) {
      return "require('phases').keep('%s', '%s')".formatted(key(lang), lang.spec("t/calls"));
    }

    /** The locations for all languages. */
    String locations() {
      return Arrays.stream(Lang.values())
          .map(
              lang -> {
                String directives = fill(conf, lang);
                boolean serves = directives.contains("content_by") || directives.contains("pass");
                return "location = %s { %s %s }"
                    .formatted(path(lang), directives, serves ? "" : SERVED);
              })
          .collect(Collectors.joining("\n"));
    }

    /** A server for a language. */
    String server(Lang lang, int port) {
      return "server { listen 127.0.0.1:%d; %s location / { %s } }"
          .formatted(port, fill(conf, lang).replace("SERVER ", ""), SERVED);
    }

    private String fill(String text, Lang lang) {
      return text.replace("CALL", call(lang)).replace("LANG", lang.toString());
    }
  }

  private static final Map<Lang, Integer> SERVER_PORTS =
      Map.of(Lang.JS, NginxConf.freePort(), Lang.PY, NginxConf.freePort());

  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(conf());

  private static NginxConf conf() {
    NginxConf conf =
        new NginxConf()
            .http(
                """
                init_by_lua_block {
                    require "resty_ffi"
                    local results = require("t").show(ngx.load_ffi("js:t/calls,init"))
                    ngx.shared.test:set("init", results)
                }
                init_worker_by_lua_block {
                    require "resty_ffi"
                    from_init_worker = {}
                    for _, lang in ipairs {"js", "py"} do
                        local rt = assert(ngx.load_ffi(lang .. ":t/calls,init"))
                        from_init_worker[lang] = rt
                        local key = "init_worker " .. lang
                        require("phases").keep(key, lang .. ":t/calls,init")
                        ngx.timer.at(0, function()
                            ngx.shared.test:set("timer of " .. key, require("t").show(rt:echo("x")))
                        end)
                    end
                }
                """)
            .location(
                "/content",
                "ngx.print((select(2, ngx.load_ffi(ngx.var.arg_lang .. ':t/calls,init'):echo(ngx.var.arg_x))))")
            .location(
                "/subrequests",
                """
                local path = "/content?lang=" .. ngx.var.arg_lang .. "&x="
                local a, b = ngx.location.capture_multi{{path .. "one"}, {path .. "two"}}
                ngx.print(a.body, " and ", b.body)
                """);
    for (Lang lang : Lang.values()) {
      conf.http(
          """
          upstream balancer_%s {
              server 0.0.0.1;
              balancer_by_lua_block {
                  %s
                  assert(require("ngx.balancer").set_current_peer("127.0.0.1", ngx.var.server_port))
              }
          }
          """
              .formatted(lang, Phase.BALANCER.call(lang)));
    }
    for (Phase phase : Phase.values()) {
      if (phase.isForServers() && phase.isKnown()) {
        for (Lang lang : Lang.values()) {
          conf.http(phase.server(lang, SERVER_PORTS.get(lang)));
        }
      } else if (!phase.isForServers()) {
        conf.server(phase.locations());
      }
    }
    return conf;
  }

  private static Stream<Arguments> phasesAndLangs() {
    return Arrays.stream(Phase.values())
        .flatMap(phase -> Arrays.stream(Lang.values()).map(lang -> Arguments.of(phase, lang)));
  }

  private static String said(String key) {
    Nginx nginx = NGINX.get();
    String read = "return ngx.shared.test:get('%s')".formatted(key);
    Await.until(key, () -> !nginx.lua(read).equals("nil"));
    String quoted = nginx.lua(read);
    return quoted.substring(1, quoted.length() - 1);
  }

  @ParameterizedTest
  @MethodSource("phasesAndLangs")
  void everyPhase_callsOrSaysWhatToDo(Phase phase, Lang lang) {
    assumeTrue(phase.isKnown(), "this lua-nginx-module has no " + phase.phase());
    Nginx nginx = NGINX.get();
    URI uri =
        phase.isForServers()
            ? URI.create("http://127.0.0.1:" + SERVER_PORTS.get(lang) + "/")
            : nginx.uri(phase.path(lang));
    assertThat(nginx.send(HttpRequest.newBuilder(uri).timeout(Await.LIMIT).build()).body())
        .asString()
        .isIn("served", "plain");
    String key = phase.key(lang);
    if (phase.canYield) {
      assertThat(said(key)).isEqualTo("true, '" + key + "'");
    } else {
      assertThat(said(key)).startsWith("false, '").contains(phase.phase()).contains("timer");
    }
    assertThat(nginx.lua("return load('%s'):echo('x')", lang.spec("t/calls")))
        .isEqualTo("true, 'x'");
  }

  @ParameterizedTest
  @EnumSource
  void subrequests_call(Lang lang) {
    assertThat(NGINX.get().get("/subrequests?lang=" + lang.prefix())).isEqualTo("one and two");
  }

  @ParameterizedTest
  @EnumSource
  void timer_loadsAndCalls(Lang lang) {
    String code =
        """
        assert(ngx.timer.at(0, function() require("phases").keep("timer %s", "%s") end))
        """;
    NGINX.get().lua(code, lang, lang.spec("t/calls", "init,timer"));
    assertThat(said("timer " + lang)).isEqualTo("true, 'timer " + lang + "'");
  }

  @ParameterizedTest
  @EnumSource
  void lightThread_loadsAndCalls(Lang lang) {
    String code =
        """
        local phases = require "phases"
        return ngx.thread.wait(ngx.thread.spawn(phases.try, "%s", "in a thread"))
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,thread")))
        .isEqualTo("true, 'true, 'in a thread''");
  }

  @Test
  void initByLua_refuses_andTheWorkerLoads() {
    assertThat(said("init")).startsWith("nil, ").contains("init_by_lua").contains("init_worker");
  }

  @ParameterizedTest
  @EnumSource
  void initWorker_loadsAtOnce_andRefusesCalls(Lang lang) {
    String key = "init_worker " + lang.prefix();
    assertThat(said(key)).startsWith("false, '").contains("init_worker").contains("timer");
    assertThat(said("timer of " + key)).isEqualTo("true, 'x'");
    assertThat(
            NGINX
                .get()
                .lua(
                    "return from_init_worker.%s:echo('later'), from_init_worker.%1$s == load('%s')",
                    lang.prefix(), lang.spec("t/calls")))
        .isEqualTo("true, true");
  }

  @ParameterizedTest
  @EnumSource
  void topOfARequiredModule_loads(Lang lang) {
    String module = "top" + lang;
    NGINX
        .get()
        .write(
            "lua/" + module + ".lua",
            """
            require "resty_ffi"
            local rt = ngx.load_ffi("%s")
            return {call = function(...) return rt:call(...) end}
            """
                .formatted(lang.spec("t/fn", "init,top")));
    assertThat(NGINX.get().lua("return require('%s').call('x')", module))
        .isEqualTo("true, 'top|x'");
  }

  @ParameterizedTest
  @EnumSource
  void exitWorker_isRefused_exceptForWhatIsThere(Lang lang) {
    assumeTrue(NginxConf.knows("exit_worker_by_lua_block"));
    NginxConf conf =
        new NginxConf()
            .http(
                """
                exit_worker_by_lua_block {
                    local try = require("phases").try
                    ngx.log(ngx.NOTICE, "another: ", try("%s,another", "x"))
                    ngx.log(ngx.NOTICE, "what is there: ", try("%1$s", "x"))
                }
                """
                    .formatted(lang.spec("t/calls")));
    try (Nginx nginx = conf.start()) {
      assertThat(nginx.lua("return load('%s'):echo('x')", lang.spec("t/calls")))
          .isEqualTo("true, 'x'");
      nginx.expectLog("another: nil, -1, 'ngx.load_ffi cannot be used in exit_worker_by_lua");
      nginx.expectLog("what is there: false, 'a call has to wait, and exit_worker_by_lua cannot");
    }
  }
}
