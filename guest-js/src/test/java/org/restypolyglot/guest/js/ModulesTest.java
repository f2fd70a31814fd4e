package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code require}, and what it says when it cannot. */
class ModulesTest extends JsTestBase {

  @BeforeEach
  void writeModules() throws Exception {
    js.write("lib/util.js", "exports.name = 'util'; exports.parent = () => require('../top').name;")
        .write("lib/index.js", "exports.name = 'lib index';")
        .write("lib/data.json", "\ufeff{\"name\": \"json\"}")
        .write("lib/old.cjs", "exports.name = 'cjs';")
        .write("top.js", "exports.name = 'top';")
        .write("node_modules/pkg/package.json", "{\"main\": \"./src/entry\"}")
        .write("node_modules/pkg/src/entry.js", "exports.name = 'pkg ' + require('./part').name;")
        .write("node_modules/pkg/src/part.js", "exports.name = require('dep').name;")
        .write("node_modules/pkg/node_modules/dep/index.js", "exports.name = 'inner dep';")
        .write("node_modules/dep/index.js", "exports.name = 'outer dep';")
        .write("node_modules/@scope/a/index.js", "exports.name = 'scoped';")
        .write("node_modules/@scope/a/sub/x.js", "exports.name = 'sub path';")
        .write("node_modules/broken-main/package.json", "{\"main\": \"gone.js\"}")
        .write("node_modules/broken-main/index.js", "exports.name = 'index instead';");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./lib/util = util",
        "./lib/util.js = util",
        "./lib = lib index",
        "./lib/ = lib index",
        "./lib/data = json",
        "./lib/data.json = json",
        "./lib/../top = top",
        "pkg = pkg inner dep",
        "pkg/src/part = inner dep",
        "dep = outer dep",
        "@scope/a = scoped",
        "@scope/a/sub/x = sub path",
        "broken-main = index instead",
        "top = top",
        "lib/util = util",
      })
  void require_finds(String line) throws Exception {
    String[] parts = line.split(" = ", 2);
    assertThat(js.run("return require('" + parts[0] + "').name")).isEqualTo(parts[1]);
  }

  @Test
  void require_absolutePath_andUpwards() throws Exception {
    assertThat(js.run("return require(__dirname + '/lib/util').parent()")).isEqualTo("top");
  }

  @Test
  void missingModule_hasCodeAndRequireStack() throws Exception {
    js.write("a.js", "require('./b');").write("b.js", "require('./nope');");
    assertThat(
            js.run(
                """
                try { require('./a'); } catch (e) {
                  return JSON.stringify([e.code, e.message, e.requireStack]).replaceAll(__dirname, '');
                }
                """))
        .isEqualTo(
            "[\"MODULE_NOT_FOUND\",\"Cannot find module './nope'\\nRequire stack:\\n- /b.js\\n- /a.js\\n- /main.js\","
                + "[\"/b.js\",\"/a.js\",\"/main.js\"]]");
    assertThat(js.run("require('bare-nope')")).startsWith("1: Cannot find module 'bare-nope'\n");
    assertThat(js.run("require('./a\\0b')")).startsWith("1: Cannot find module");
    assertThat(js.run("require('')")).contains("must be a non-empty string");
    assertThat(js.run("require(5)")).contains("Received type number");
  }

  @Test
  void cycles_seePartialExports() throws Exception {
    js.write("a.js", "exports.early = 1; const b = require('./b'); exports.late = b.seen;")
        .write("b.js", "const a = require('./a'); exports.seen = Object.keys(a).join();");
    assertThat(js.run("return JSON.stringify(require('./a'))"))
        .isEqualTo("{\"early\":1,\"late\":\"early\"}");
  }

  @Test
  void moduleThatThrows_isTriedAgain() throws Exception {
    js.write(
        "flaky.js",
        "global.tries = (global.tries ?? 0) + 1; if (tries < 3) throw new Error('try ' + tries); exports.ok = tries;");
    assertThat(
            js.run(
                """
                const seen = [];
                for (let i = 0; i < 4; i++) {
                  try { seen.push(require('./flaky').ok); } catch (e) { seen.push(e.message); }
                }
                return seen.join() + ' ' + module.children.length;
                """))
        .isEqualTo("try 1,try 2,3,3 1");
  }

  @Test
  void moduleObjects_areNodes() throws Exception {
    js.write(
        "child.js", "module.exports = { module, self: this === exports, main: require.main };");
    assertThat(
            js.run(
                """
                const { module: child, self, main } = require('./child');
                const show = (file) => file.replace(__dirname, '');
                return JSON.stringify([
                  show(__filename), module.id, module.loaded, show(child.id), child.loaded, self, main === module,
                  child.parent === module, module.children.includes(child), child.paths[0] === __dirname + '/node_modules',
                  show(require.resolve('./lib')), require.cache[child.filename] === child, module.require('./top').name,
                  require.resolve.paths('./x').map(show), require.resolve.paths('fs'), require.resolve('fs'),
                  show(require.resolve('util2', { paths: [__dirname + '/lib'] }).slice(-9)),
                ]);
                """
                    .replace("'util2'", "'./util'")))
        .isEqualTo(
            "[\"/main.js\",\".\",true,\"/child.js\",true,true,true,true,true,true,\"/lib/index.js\",true,\"top\","
                + "[\"\"],null,\"fs\",\"b/util.js\"]");
  }

  @Test
  void cache_mayBeEmptiedOrFilled() throws Exception {
    js.write("counted.js", "module.exports = { made: global.made = (global.made ?? 0) + 1 };");
    assertThat(
            js.run(
                """
                const file = require.resolve('./counted');
                const first = require('./counted') === require('./counted');
                delete require.cache[file];
                const again = require('./counted').made;
                require.cache[file] = { exports: 'mine' };
                return [first, again, require('./counted')].join();
                """))
        .isEqualTo("true,2,mine");
  }

  @Test
  void syntaxErrors_namePlaceAndShowIt() throws Exception {
    js.write("bad.js", "const fine = 1;\nconst bad = ;\n");
    assertThat(js.run("require('./bad')"))
        .isEqualTo("1: " + js.folder.resolve("bad.js") + ":2:13: Expected an operand but found ;");
    js.awaitLog("const bad = ;\n[js:main]             ^");
    js.write("bad-first.js", "const bad = ;");
    assertThat(js.run("require('./bad-first')")).contains("bad-first.js:1:13: Expected");
    js.write("too-many.js", "exports.a = () => {\n  return 1;\n}}\n");
    assertThat(js.run("require('./too-many')")).contains("too-many.js:3:2: Expected");
    js.write("too-few.js", "exports.a = () => {\n  return 1;\n");
    assertThat(js.run("require('./too-few')")).contains("too-few.js:3:1: Expected } but found eof");
    js.write("returns.js", "if (module.id) return;\nlet a = ;\n");
    assertThat(js.run("require('./returns')")).contains("returns.js:2:9: Expected");
    js.write("returns-first.js", "return; let a = ;");
    assertThat(js.run("require('./returns-first')")).contains("returns-first.js:1:17: Expected");
    js.write("bad.json", "{\"a\": }");
    assertThat(js.run("require('./bad.json')"))
        .startsWith("1: " + js.folder.resolve("bad.json") + ": ");
  }

  @Test
  void nodesOwnModules_areThere_orRefusedByName() throws Exception {
    assertThat(
            js.run(
                """
                const code = (name) => { try { require(name); return 'ok'; } catch (e) { return e.code; } };
                return ['buffer', 'node:process', 'timers', 'node:console', 'fs', 'node:dgram', 'worker_threads',
                  'node:test', 'test', 'node:nope', 'resty_ffi'].map(code).join();
                """))
        .isEqualTo(
            "ok,ok,ok,ok,ok,ERR_NOT_SUPPORTED,ok,ERR_NOT_SUPPORTED,"
                + "MODULE_NOT_FOUND,ERR_UNKNOWN_BUILTIN_MODULE,ok");
    assertThat(js.run("require('dgram')"))
        .startsWith("1: ERR_NOT_SUPPORTED: node:dgram ")
        .contains("main.js");
  }

  @Test
  void hashBang_andByteOrderMark_areFine() throws Exception {
    js.write("script.js", "\ufeff#!/usr/bin/env node\nexports.name = 'script';");
    assertThat(js.run("return require('./script').name")).isEqualTo("script");
  }

  @Test
  void sloppyAndStrictScripts_areScriptsOfTheirOwn() throws Exception {
    js.write(
            "sloppy.js", "leaked = 1; exports.this = typeof this; exports.args = arguments.length;")
        .write(
            "strict.js",
            "'use strict'; try { leaked2 = 1; } catch (e) { exports.error = e.name; }");
    assertThat(
            js.run(
                """
                return JSON.stringify([require('./sloppy'), require('./strict'), leaked, typeof require('./top').module]);
                """))
        .isEqualTo(
            "[{\"this\":\"object\",\"args\":5},{\"error\":\"ReferenceError\"},1,\"undefined\"]");
  }

  @Test
  void spec_mayNameAPackageOrAnAbsolutePath() throws Exception {
    js.write("node_modules/handler/package.json", "{\"main\": \"lib/h.js\"}")
        .write("node_modules/handler/lib/h.js", "exports.init = () => () => 'from a package';");
    assertThat(js.text(js.load("handler,init"), "m", "")).isEqualTo("from a package");
    String file = js.folder.resolve("node_modules/handler/lib/h").toString();
    assertThat(js.text(js.load(file + ",init"), "m", "")).isEqualTo("from a package");
  }
}
