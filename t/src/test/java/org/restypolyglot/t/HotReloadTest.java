package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** A file is saved, and the next request is answered by what it says now. */
class HotReloadTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Nginx nginx() {
    return NGINX.get();
  }

  /** A module whose handlers answer {@code text}, and with what {@code gen/NAME_dep} says. */
  private static String module(Lang lang, String name, String text) {
    return switch (lang) {
      case JS ->
          """
          const dep = require('./%s_dep');
          exports.init = () => ({
            get: () => '%s, ' + dep,
            wait: (ms) => new Promise((resolve) => setTimeout(() => resolve('%2$s'), Number(ms))),
          });
          exports.dispose = () => console.log('dispose of %2$s');
          """
              .formatted(name, text);
      case PY ->
          """
          import asyncio
          from gen import %s_dep
          class Demo:
              def get(self, req, task): return '%s, ' + %1$s_dep.dep
              async def wait(self, ms, task):
                  await asyncio.sleep(int(ms) / 1000)
                  return '%2$s'
          def init(cfg): return Demo()
          def dispose(): print('dispose of %2$s')
          """
              .formatted(name, text);
    };
  }

  private static String dependency(Lang lang, String text) {
    return lang == Lang.JS ? "module.exports = '" + text + "';" : "dep = '" + text + "'";
  }

  private static Path write(Lang lang, String name, String text) {
    return nginx().write("gen/" + lang.file(name), text);
  }

  private static String start(Lang lang, String name) {
    write(lang, name, module(lang, name, "one"));
    write(lang, name + "_dep", dependency(lang, "a"));
    String spec = lang.spec("gen/" + name + "?");
    assertThat(get(spec)).isEqualTo("true, 'one, a'");
    return spec;
  }

  private static String get(String spec) {
    return nginx().lua("return load('%s'):get()", spec);
  }

  private static void awaitReply(String spec, String text) {
    String wanted = "true, '" + text + "'";
    AtomicInteger tries = new AtomicInteger();
    Await.until(
        () -> wanted + ", not " + get(spec) + " after " + tries,
        () -> {
          tries.incrementAndGet();
          return get(spec).equals(wanted);
        });
  }

  private static String status(String spec, String expression) {
    return nginx().lua("local s = assert(load('%s'):__status()) return %s", spec, expression);
  }

  @Test
  void esModules_andPackages_areNoticed() {
    nginx().write("gen/esm_dep.mjs", "export const dep = 'a';");
    nginx().write("gen/node_modules/esm-pkg/package.json", "{\"exports\": \"./one.js\"}");
    nginx().write("gen/node_modules/esm-pkg/one.js", "exports.pkg = 'one';");
    nginx().write("gen/node_modules/esm-pkg/two.mjs", "export const pkg = 'two';");
    nginx()
        .write(
            "gen/esm_main.mjs",
            """
            import { dep } from './esm_dep.mjs';
            const { pkg } = await import('esm-pkg');
            export default { init: () => ({ get: () => `${pkg}, ${dep}` }) };
            """);
    String spec = Lang.JS.spec("gen/esm_main?");
    assertThat(get(spec)).isEqualTo("true, 'one, a'");
    nginx().write("gen/esm_dep.mjs", "export const dep = 'b';");
    awaitReply(spec, "one, b");
    nginx().write("gen/node_modules/esm-pkg/package.json", "{\"exports\": \"./two.mjs\"}");
    awaitReply(spec, "two, b");
    nginx().write("gen/node_modules/esm-pkg/two.mjs", "export const pkg = 'three';");
    awaitReply(spec, "three, b");
  }

  @ParameterizedTest
  @EnumSource
  void everyWayToSaveAFile_isNoticed(Lang lang) throws IOException {
    String name = "save_" + lang.prefix();
    nginx().expectLog("\\[error\\].*gen/" + name + "] reload failed, generation .* keeps");
    String spec = start(lang, name);
    Path file = write(lang, name, module(lang, name, "in place"));
    awaitReply(spec, "in place, a");

    Path backup = file.resolveSibling(file.getFileName() + "~");
    Files.move(file, backup); // as vim does
    Files.writeString(file, module(lang, name, "renamed away"));
    Files.delete(backup);
    awaitReply(spec, "renamed away, a");

    Path whole = Files.writeString(backup, module(lang, name, "renamed to"));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE); // as IDEs do
    awaitReply(spec, "renamed to, a");

    write(lang, name + "_dep", dependency(lang, "b"));
    awaitReply(spec, "renamed to, b");

    Files.delete(file);
    Await.until("a failed reload", () -> status(spec, "s.reload.outcome").equals("'failed'"));
    assertThat(get(spec)).isEqualTo("true, 'renamed to, b'");
    write(lang, name, module(lang, name, "back"));
    awaitReply(spec, "back, b");
  }

  @ParameterizedTest
  @EnumSource
  void brokenCode_isToldOnce_andTheOldOneServes(Lang lang) {
    String name = "broken_" + lang.prefix();
    String spec = start(lang, name);
    String bad = lang == Lang.JS ? "const x = ;\n" : "def f(:\n";
    nginx()
        .expectLog(
            "\\[error\\].*gen/%s] reload failed, generation 1 keeps serving".formatted(name));
    nginx().expectLog("\\[error\\].*gen/%s] ".formatted(name));
    write(lang, name + "_dep", "\n" + bad);
    Await.until("a failed reload", () -> status(spec, "s.reload ~= nil").equals("true"));
    assertThat(status(spec, "s.generation, s.reload.outcome, s.reload.error"))
        .startsWith("1, 'failed', '")
        .contains(lang.file(name + "_dep") + ":2");
    assertThat(get(spec)).isEqualTo("true, 'one, a'");
    write(lang, name + "_dep", dependency(lang, "mended"));
    awaitReply(spec, "one, mended");
    assertThat(status(spec, "s.generation, s.reload.outcome, s.reload.error"))
        .isEqualTo("2, 'ok', nil");
  }

  @ParameterizedTest
  @EnumSource
  void status_tellsFilesAndTheLastReload(Lang lang) {
    String name = "status_" + lang.prefix();
    String spec = start(lang, name);
    assertThat(status(spec, "s.generation, s.reload")).isEqualTo("1, nil");
    assertThat(status(spec, "table.concat(s.files, ' ')"))
        .contains("/gen/" + lang.file(name))
        .contains("/gen/" + lang.file(name + "_dep"));
    write(lang, name, module(lang, name, "two"));
    awaitReply(spec, "two, a");
    assertThat(
            status(
                spec,
                "s.generation, s.reload.outcome, #s.reload.changed, s.reload.changed[1],"
                    + " math.abs(s.reload.time - ngx.now()) < 100, s.reload.duration > 0"))
        .isEqualTo(
            "2, 'ok', 1, '%s/gen/%s', true, true".formatted(nginx().prefix(), lang.file(name)));
  }

  @ParameterizedTest
  @EnumSource
  void callInFlight_endsInTheOldGeneration_thenDisposeRuns(Lang lang) {
    String name = "flight_" + lang.prefix();
    nginx().expectLog("\\[info].*gen/" + name + "] dispose of one");
    String spec = start(lang, name);
    CompletableFuture<String> waiting = nginx().luaAsync("return load('%s'):wait('1500')", spec);
    Await.pause(Duration.ofMillis(200));
    write(lang, name, module(lang, name, "two"));
    awaitReply(spec, "two, a");
    assertThat(waiting.join()).isEqualTo("true, 'one'");
    Await.until(
        "the old generation's dispose",
        () -> nginx().log().count("gen/" + name + "] dispose of one") > 0);
  }

  @ParameterizedTest
  @EnumSource
  void changesUnderCalls_failNone(Lang lang) throws Exception {
    String name = "load_" + lang.prefix();
    String spec = start(lang, name);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<TreeSet<String>> caller =
        CompletableFuture.supplyAsync(
            () -> {
              TreeSet<String> replies = new TreeSet<>();
              while (!stop.get()) {
                replies.add(
                    nginx()
                        .lua(
                            """
                            local rt = load("%s")
                            local seen = {}
                            for i = 1, 50 do
                                local ok, res = rt:get()
                                if not ok or not res:find("^%%a+%%d*, a$") then return ok, res end
                            end
                            return "fine"
                            """,
                            spec));
              }
              return replies;
            });
    for (int i = 0; i < (lang == Lang.JS ? 30 : 8); i++) {
      Path file = nginx().prefix().resolve("gen/" + lang.file(name));
      Path whole = Files.writeString(file.resolveSibling("w~"), module(lang, name, "v" + i));
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      awaitReply(spec, "v" + i + ", a");
    }
    stop.set(true);
    assertThat(caller.join()).containsExactly("'fine'");
  }

  @Test
  void newFileThatChangesAResolution_isNoticed() {
    nginx().write("gen/res.js", "exports.init = () => ({ get: () => require('./res_x') });");
    nginx().write("gen/res_x/index.js", "module.exports = 'index';");
    String spec = "js:gen/res?,init";
    assertThat(get(spec)).isEqualTo("true, 'index'");
    nginx().write("gen/res_x.js", "module.exports = 'file';");
    awaitReply(spec, "file");

    nginx()
        .write(
            "gen/pack.js",
            "exports.init = () => { const p = require('pack-x'); return () => p; };");
    nginx().write("node_modules/pack-x/index.js", "module.exports = 'far';");
    String packed = "js:gen/pack?,init";
    assertThat(get(packed)).isEqualTo("true, 'far'");
    nginx().write("gen/node_modules/pack-x/index.js", "module.exports = 'near';");
    awaitReply(packed, "near");
  }

  @Test
  void jsonAndPackages_takePart() {
    nginx()
        .write(
            "gen/cfg.js",
            "exports.init = () => { const c = require('./cfg.json'); return () => c.text; };");
    nginx().write("gen/cfg.json", "{\"text\": \"one\"}");
    String spec = "js:gen/cfg?,init";
    assertThat(get(spec)).isEqualTo("true, 'one'");
    nginx().write("gen/cfg.json", "{\"text\": \"two\"}");
    awaitReply(spec, "two");

    nginx().write("gen/pkg/__init__.py", "from .part import text");
    nginx().write("gen/pkg/part.py", "text = 'one'");
    nginx()
        .write(
            "gen/usepkg.py",
            "from gen.pkg import text\ndef init(cfg): return lambda req, task: text");
    String py = "py:gen.usepkg?,init";
    assertThat(get(py)).isEqualTo("true, 'one'");
    nginx().write("gen/pkg/part.py", "text = 'two'");
    awaitReply(py, "two");
  }

  @ParameterizedTest
  @EnumSource
  void withoutQuestionMark_nothingChanges(Lang lang) {
    String name = "plain_" + lang.prefix();
    start(lang, name);
    String plain = lang.spec("gen/" + name);
    assertThat(get(plain)).isEqualTo("true, 'one, a'");
    write(lang, name, module(lang, name, "two"));
    awaitReply(lang.spec("gen/" + name + "?"), "two, a");
    assertThat(get(plain)).isEqualTo("true, 'one, a'");
    assertThat(status(plain, "s.generation, s.reload, #s.files >= 2")).isEqualTo("1, nil, true");
  }

  @Test
  void checkoutOfManyFiles_isOneReload() throws IOException {
    StringBuilder main = new StringBuilder("const all = [];\n");
    for (int i = 0; i < 60; i++) {
      nginx().write("gen/many/m" + i + ".js", "module.exports = 'one';");
      main.append("all.push(require('./m%d'));\n".formatted(i));
    }
    main.append("exports.init = () => () => [...new Set(all)].join();\n");
    nginx().write("gen/many/main.js", main.toString());
    String spec = "js:gen/many/main?,init";
    assertThat(get(spec)).isEqualTo("true, 'one'");
    for (int i = 0; i < 60; i++) {
      nginx().write("gen/many/m" + i + ".js", "module.exports = 'two';");
    }
    awaitReply(spec, "two");
    assertThat(status(spec, "s.generation, #s.reload.changed")).isEqualTo("2, 60");
  }

  @Test
  void everyWorker_reloads() {
    String spec = "js:gen/all?,init";
    NginxConf conf = new NginxConf().workers(3).http("keepalive_timeout 0;");
    try (Nginx nginx = conf.start()) {
      nginx.write("gen/all.js", "exports.init = () => () => 'one';");
      String code =
          """
          local ok, res = load("%s"):get()
          ngx.shared.test:set(res .. ngx.worker.pid(), ok)
          local all = 0
          for _, pid in ipairs({%s}) do
              all = all + (ngx.shared.test:get("%s" .. pid) and 1 or 0)
          end
          return all
          """;
      String pids = nginx.workers().toString().replaceAll("[\\[\\]]", "");
      Await.until("all serve one", () -> nginx.lua(code, spec, pids, "one").equals("3"));
      nginx.write("gen/all.js", "exports.init = () => () => 'two';");
      Await.until("all serve two", () -> nginx.lua(code, spec, pids, "two").equals("3"));
      nginx.check();
    }
  }

  @Test
  void statusOfAFailedLoad_saysWhatItFailedWith() {
    NginxConf conf =
        new NginxConf()
            .http(
                "init_worker_by_lua_block { require 'resty_ffi'"
                    + " package.loaded.failed = ngx.load_ffi('js:gen/absent?,init') }");
    try (Nginx nginx = conf.start()) {
      nginx.expectLog("\\[error].*js:gen/absent] load failed: ");
      String status = "return package.loaded.failed:__status()";
      Await.until(
          () -> "the failure, not " + nginx.lua(status),
          () -> nginx.lua(status).startsWith("nil, 'load failed: "));
      assertThat(nginx.lua(status)).contains("gen/absent");
      nginx.check();
    }
  }

  @Test
  void statusOfOthers_saysWhyThereIsNone() {
    assertThat(
            nginx()
                .lua(
                    """
                    local rt = load("js:t/calls,init,gone2")
                    local wrong = t.pack(rt.__status())
                    rt:__unload()
                    return wrong, t.pack(rt:__status())
                    """))
        .isEqualTo(
            "{nil, 'call it with a colon: runtime:__status()'}, {nil, 'task queue is finished'}");
  }
}
