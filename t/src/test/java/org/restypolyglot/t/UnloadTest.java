package org.restypolyglot.t;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** The end of a runtime, and the next beginning. */
class UnloadTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  /** A context of Python's takes 0.3 to 1 s of a CPU: the test takes minutes on a busy machine. */
  @ParameterizedTest
  @EnumSource
  @Timeout(value = 30, unit = MINUTES)
  void unloadAndLoadAgain_startsAfresh(Lang lang) {
    String code =
        """
        for i = 1, 10 do
            local rt = load("%s")
            local results = t.pack(rt:count())
            results[3], results.n = rt:__unload(), 3
            if t.show(results) ~= "{true, '1', true}" then return i, results end
        end
        return "each was the first"
        """;
    for (int i = 0; i < 20; i++) {
      assertThat(NGINX.get().lua(code, lang.spec("t/count", "init,cycle")))
          .isEqualTo("'each was the first'");
    }
  }

  @ParameterizedTest
  @EnumSource
  void callAfterUnload_isRefused(Lang lang) {
    String code =
        """
        local rt = load("%s")
        local before = t.pack(rt:echo("x"))
        rt:__unload()
        local after = t.pack(rt:echo("x"))
        rt:__unload()
        return before, after, t.pack(rt:echo("x"))
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,gone")))
        .isEqualTo(
            "{true, 'x'}, {false, 'task queue is finished'}, {false, 'task queue is finished'}");
  }

  @ParameterizedTest
  @EnumSource
  void callsInFlight_areAnsweredFirst(Lang lang) {
    String code =
        """
        local rt = load("%s")
        local threads = {}
        for i = 1, 20 do
            threads[i] = ngx.thread.spawn(function()
                if i %% 2 == 0 then return rt:wait("200") end
                return rt:echo("echo")
            end)
        end
        rt:__unload()
        local refused = t.pack(rt:echo("late"))
        for i = 1, 20 do
            local _, ok, res = ngx.thread.wait(threads[i])
            if not ok or res ~= (i %% 2 == 0 and "waited 200" or "echo") then return i, ok, res end
        end
        return refused
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,drain")))
        .isEqualTo("{false, 'task queue is finished'}");
  }

  @ParameterizedTest
  @EnumSource
  void loadDuringUnload_isANewRuntime(Lang lang) {
    String code =
        """
        local spec = "%s"
        local old = load(spec)
        old:count()
        local waiting = ngx.thread.spawn(function() return old:wait("200") end)
        old:__unload()
        local new = load(spec)
        local _, count = new:count()
        local _, ok, res = ngx.thread.wait(waiting)
        return new ~= old, count, ok, res, t.pack(old:echo("x"))
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/calls", "init,twice")))
        .isEqualTo("true, '1', true, 'waited 200', {false, 'task queue is finished'}");
  }

  @ParameterizedTest
  @EnumSource
  void dispose_runsAtUnload_afterTheLastCall(Lang lang) {
    Nginx nginx = NGINX.get();
    String config = "unloaded-" + lang;
    nginx.expectLog("\\[info].*t/life.*init of " + config);
    nginx.expectLog("\\[info].*t/life.*dispose of " + config);
    String code =
        """
        local rt = load("%s")
        local waiting = ngx.thread.spawn(function() return rt:wait("100") end)
        rt:__unload()
        local _, ok, res = ngx.thread.wait(waiting)
        return ok, res
        """;
    assertThat(nginx.lua(code, lang.spec("t/life", "init," + config))).isEqualTo("true, 'waited'");
  }

  private static void writeModules(Lang lang, String name, String version) {
    Nginx nginx = NGINX.get();
    switch (lang) {
      case JS -> {
        nginx.write(
            "gen/" + name + ".js", module("const dep = require('./%s_dep');", name, version));
        nginx.write("gen/" + name + "_dep.js", "module.exports = 'dep " + version + "';");
      }
      case PY -> {
        nginx.write(
            "gen/" + name + ".py",
            "from gen import %s_dep\ndef init(cfg): return lambda req, task: '%s, ' + %1$s_dep.dep\n"
                .formatted(name, version));
        nginx.write("gen/" + name + "_dep.py", "dep = 'dep " + version + "'\n");
      }
    }
  }

  private static String module(String imports, String name, String version) {
    return imports.formatted(name) + "\nexports.init = () => () => '" + version + ", ' + dep;\n";
  }

  private static String loadCallUnload(String spec) {
    return NGINX
        .get()
        .lua("local rt = load('%s'); local _, res = rt:x(); rt:__unload(); return res", spec);
  }

  @ParameterizedTest
  @EnumSource
  void withQuestionMark_eachLoadReadsAfresh(Lang lang) {
    String spec = lang.spec("gen/fresh?");
    for (int version = 1; version <= 3; version++) {
      writeModules(lang, "fresh", "version " + version);
      assertThat(loadCallUnload(spec))
          .isEqualTo("'version %d, dep version %1$d'".formatted(version));
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutQuestionMark_theFirstSourceIsReused(Lang lang) {
    String spec = lang.spec("gen/kept");
    writeModules(lang, "kept", "version 1");
    assertThat(loadCallUnload(spec)).isEqualTo("'version 1, dep version 1'");
    writeModules(lang, "kept", "version 2");
    assertThat(loadCallUnload(spec)).isEqualTo("'version 1, dep version 1'");
    assertThat(loadCallUnload(lang.spec("gen/kept", "init,config")))
        .isEqualTo("'version 1, dep version 1'");
  }

  /** The guest is stuck while it is unloaded: nobody else waits for it. */
  @ParameterizedTest
  @EnumSource
  void unloadOfABlockedRuntime_blocksNobody(Lang lang) throws IOException {
    Nginx nginx = NGINX.get();
    Path gate = nginx.prefix().resolve("tmp/gate-" + lang);
    String spec = lang.spec("t/gate", "init,unload");
    assertThat(nginx.lua("return load('%s'):echo('loaded')", spec)).isEqualTo("true, 'loaded'");
    CompletableFuture<String> blocked =
        nginx.luaAsync("return load('%s'):block('%s', {timeout = 0})", spec, gate);
    assertThat(nginx.lua("return load('py:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
    nginx.lua("load('%s'):__unload()", spec);
    assertThat(nginx.lua("return load('%s'):echo('next')", spec)).isEqualTo("true, 'next'");
    assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
    assertThat(blocked).isNotDone();
    Files.createFile(gate);
    assertThat(blocked.join()).isEqualTo("true, 'opened'");
  }
}
