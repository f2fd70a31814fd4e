package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.guest.GuestException;

/** Handlers that are ES modules, and what is said of those that cannot be. */
class EsModulesTest extends JsTestBase {

  private GuestException failure(String spec) {
    return assertThatExceptionOfType(GuestException.class).isThrownBy(() -> js.load(spec)).actual();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main.mjs | export const init = () => () => 'answer';",
        "main.mjs | export function init() { return { m: () => 'answer' }; }",
        "main.mjs | export default { init() { return () => this.text; }, text: 'answer' };",
        "main.mjs | export default class { static init() { return () => 'answer'; } }",
        "main.js  | export const init = () => () => 'answer';",
        "main.js  | await 0; export const init = async () => () => 'answer';",
        "main.js  | exports.default = { init: () => () => 'answer' };",
        "main.cjs | exports.init = () => () => 'answer';",
        "main.js  | const { init } = await import('./part.mjs'); export { init };",
        "main/index.js | export * from '../part.mjs';",
        "node_modules/main/package.json | {\"exports\": {\"import\": \"../../part.mjs\"}}",
      })
  void init_isFound(String line) throws Exception {
    String[] parts = line.split(" *\\| ", 2);
    if (parts[0].startsWith("node_modules")) {
      parts[1] = "{\"type\": \"module\", \"exports\": {\"import\": \"./m.js\"}}";
      js.write("node_modules/main/m.js", "export const init = () => () => 'answer';");
    }
    js.write("part.mjs", "export const init = () => () => 'answer';").write(parts[0], parts[1]);
    assertThat(js.text(js.load("main,init"), "m", "x")).isEqualTo("answer");
  }

  @Test
  void encoding_andDispose_areFoundOnTheDefaultExport_too() throws Exception {
    js.write(
        "main.mjs",
        """
        export default {
          encoding: null,
          init: () => (req) => String(req instanceof Uint8Array),
          dispose() { console.log('disposed', this.encoding); },
        };
        """);
    long queue = js.load("main,init");
    assertThat(js.text(queue, "m", "x")).isEqualTo("true");
    js.unload(queue);
    js.awaitLog("disposed null");
  }

  @Test
  void missingEntry_namesTheExports() throws Exception {
    js.write("main.mjs", "export const other = 1; export default 5;");
    assertThat(failure("main,init").text())
        .endsWith("main.mjs exports no \"init\"; it exports default, other");
  }

  @Test
  void loadsOfOneFile_areModulesOfTheirOwn() throws Exception {
    js.write("part.mjs", "export let count = 0; export const next = () => ++count;")
        .write(
            "main.mjs",
            "import { next } from './part.mjs'; export const init = () => () => String(next());");
    long first = js.load("main,init");
    long second = js.load("main,init,other");
    assertThat(js.text(first, "m", "") + js.text(first, "m", "") + js.text(second, "m", ""))
        .isEqualTo("121");
  }

  @Test
  void syntaxErrors_namePlaceAndShowIt() throws Exception {
    js.write("bad.mjs", "export const fine = 1;\nconst bad = ;\n")
        .write("main.mjs", "import './bad.mjs';");
    String place = js.folder.resolve("bad.mjs") + ":2:13";
    GuestException failure = failure("main,init");
    assertThat(failure.text()).isEqualTo(place + ": Expected an operand but found ;");
    assertThat(failure.logText()).contains("const bad = ;\n            ^");
    js.write("first.mjs", "export const bad = ;");
    assertThat(failure("first,init").text()).contains("first.mjs:1:20: Expected");
    js.write("detected.js", "import 'node:timers';\nexport const bad = ;");
    assertThat(failure("detected,init").text()).contains("detected.js:2:20: Expected an operand");
    js.write("common.cjs", "import 'node:timers';");
    assertThat(failure("common,init").text())
        .contains("common.cjs:1:1: Cannot use import statement outside a module");
  }

  @Test
  void stackTraces_showTheUsersPlaces() throws Exception {
    js.write("part.mjs", "export const fail = () => { throw new Error('boom'); };")
        .write(
            "main.mjs",
            "import { fail } from './part.mjs';\nexport const init = () => () =>\n  fail();\n");
    assertThat(js.text(js.load("main,init"), "m", "")).isEqualTo("1: boom");
    js.awaitLog(js.folder.resolve("part.mjs") + ":1:35");
    js.awaitLog(js.folder.resolve("main.mjs") + ":3:3");
  }

  @Test
  void columnsOfARequiredModule_areItsOwn() throws Exception {
    js.write(
            "long.mjs",
            "/* " + "x".repeat(80) + " */ export const fail = () => { throw new Error('far'); };")
        .write(
            "main.js",
            "const { fail } = require('./long.mjs'); exports.init = () => () => fail();");
    assertThat(js.text(js.load("main,init"), "m", "")).isEqualTo("1: far");
    js.awaitLog("long.mjs:1:122");
    js.awaitLog("main.js:1:");
  }

  @Test
  void builtinThatIsNotThere_saysWhoImportsIt() throws Exception {
    js.write("main.mjs", "import { connect } from 'node:dgram'; export const init = connect;");
    assertThat(failure("main,init").text())
        .startsWith("ERR_NOT_SUPPORTED: node:dgram")
        .contains(js.folder.resolve("main.mjs").toString());
  }

  @Test
  void whatTheTopLevelThrowsOrRejects_isTheLoadsFailure() throws Exception {
    js.write("throws.mjs", "throw Object.assign(new Error('at the top'), { rc: 7 });")
        .write("rejects.mjs", "await Promise.reject(new TypeError('awaited'));")
        .write("import-missing.mjs", "import './gone.mjs';");
    GuestException thrown = failure("throws,init");
    assertThat(thrown.rc()).isEqualTo(7);
    assertThat(thrown.text()).isEqualTo("at the top");
    assertThat(thrown.logText()).contains("throws.mjs:1:");
    assertThat(failure("rejects,init").text()).isEqualTo("awaited");
    assertThat(failure("import-missing,init").text())
        .isEqualTo(
            "Cannot find module '%s' imported from %s"
                .formatted(js.folder.resolve("gone.mjs"), js.folder.resolve("import-missing.mjs")));
    assertThat(js.log).noneMatch(line -> line.contains("Unhandled"));
  }

  @Test
  void requireOfAModuleThatThrows_harmsNothingElse() throws Exception {
    js.write("throws.mjs", "throw new Error('thrown');");
    assertThat(
            js.run(
                """
                const other = new Promise((ok) => queueMicrotask(() => ok('reaction')));
                let message;
                try { require('./throws.mjs'); } catch (e) { message = e.message; }
                await null;
                return message + ' ' + (await other);
                """))
        .isEqualTo("thrown reaction");
    assertThat(js.log).noneMatch(line -> line.contains("thrown"));
  }

  @Test
  void links_areFollowed_theSpecsToo() throws Exception {
    js.write(
            "real/main.mjs",
            "import { text } from './part.mjs'; export const init = () => () => text;")
        .write("real/part.mjs", "export const text = import.meta.filename;");
    Files.createSymbolicLink(js.folder.resolve("main.mjs"), Path.of("real/main.mjs"));
    assertThat(js.text(js.load("main,init"), "m", ""))
        .isEqualTo(js.folder.toRealPath().resolve("real/part.mjs").toString());
  }

  @Test
  void files_areNotToBeHadByOtherWays() throws Exception {
    js.write("secret.txt", "export default 'secret';");
    assertThat(js.run("return import('./secret.txt').catch((e) => e.code)"))
        .isEqualTo("ERR_UNKNOWN_FILE_EXTENSION");
    assertThat(
            js.run(
                "return import('./secret.txt', { with: { type: 'json' } }).catch((e) => e.code)"))
        .isEqualTo("ERR_UNKNOWN_FILE_EXTENSION");
    assertThat(
            js.run(
                "return (await import('data:text/javascript,export default typeof Java.type')).default"))
        .isEqualTo("function");
    assertThat(
            js.run(
                "return Object.keys(globalThis).concat(Object.getOwnPropertyNames(globalThis)).filter((n) => n.includes('resty')).join()"))
        .isEmpty();
  }

  @Test
  void firstImport_needsNothingOfTheGlobalObject() throws Exception {
    assertThat(
            js.run(
                """
                Object.defineProperty(globalThis, 'resty-polyglot:esm', { value: 1 });
                Object.freeze(globalThis);
                const { EOL } = await import('node:os');
                return JSON.stringify(EOL) + new URL('http://a/').host;
                """))
        .isEqualTo("\"\\n\"a");
  }

  @Test
  void whatIsNoName_isAnErrorOfJavaScripts() throws Exception {
    assertThat(
            js.run(
                """
                const Module = require('module');
                const failures = [
                  () => Module._nodeModulePaths(),
                  () => require.resolve('x', { paths: [null] }),
                  () => new Module('/x')._compile('x'),
                  () => new Module('/x')._compile(5, '/x'),
                  () => new Module('/x')._compile('1', '/a\\0b'),
                  () => require('/a\\0b'),
                  () => require('./a\\0b'),
                  () => require.resolve('x', { paths: ['/a\\0b'] }),
                  () => Module.createRequire('/a\\0b')('x'),
                ];
                return failures.map((fail) => {
                  try { return fail(); } catch (e) { return e instanceof Error ? e.code : typeof e; }
                }).join();
                """))
        .isEqualTo(
            "ERR_INVALID_ARG_TYPE,ERR_INVALID_ARG_TYPE,ERR_INVALID_ARG_TYPE,ERR_INVALID_ARG_TYPE,"
                + "ERR_INVALID_ARG_VALUE,MODULE_NOT_FOUND,MODULE_NOT_FOUND,MODULE_NOT_FOUND,MODULE_NOT_FOUND");
  }

  @Test
  void moduleLoaders_mayBePatched() throws Exception {
    assertThat(
            js.run(
                """
                const Module = require('node:module');
                const load = Module._load;
                Module._load = (name, ...rest) => (name === 'mocked' ? 'a mock' : load(name, ...rest));
                require.extensions['.twice'] = (module, file) => module._compile('module.exports = 2 * 21', file);
                const made = new Module('/made.js');
                made._compile('exports.name = __filename', '/made.js');
                return [require('mocked'), made.exports.name, typeof require('./main.js').init,
                  new Module('no-folder').path].join();
                """))
        .isEqualTo("a mock,/made.js,function,.");
  }

  /** As the package pirates does it, on which transpilers and coverage tools stand. */
  @Test
  void compile_mayBeReplaced_byWhoChangesTheText() throws Exception {
    js.write("typed.js", "exports.n = <number> 42;");
    assertThat(
            js.run(
                """
                const Module = require('module');
                const load = Module._extensions['.js'];
                Module._extensions['.js'] = (module, file) => {
                  const compile = module._compile;
                  module._compile = (text, name) => {
                    module._compile = compile;
                    module._compile(text.replace('<number>', ''), name);
                  };
                  load(module, file);
                };
                return String(require('./typed').n);
                """))
        .isEqualTo("42");
  }
}
