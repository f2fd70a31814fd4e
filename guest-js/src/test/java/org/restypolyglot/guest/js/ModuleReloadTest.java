package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All that the resolver has read, or looked for, starts a new generation when it changes. */
class ModuleReloadTest extends JsTestBase {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private long queue;

  @BeforeEach
  void writePackages() throws Exception {
    js.write("node_modules/pkg/package.json", "{\"exports\": \"./a.js\"}")
        .write("node_modules/pkg/a.js", "module.exports = 'package a';")
        .write("node_modules/pkg/b.js", "module.exports = 'package b';");
  }

  private void start(String module, String expected) throws Exception {
    js.write("app/main.mjs", module);
    queue = js.load("app/main?,init");
    assertThat(answer()).isEqualTo(expected);
  }

  private String answer() throws Exception {
    return js.text(queue, "m", "");
  }

  private void awaitAnswer(String expected) throws Exception {
    long limit = System.nanoTime() + LIMIT.toNanos();
    String now = answer();
    while (!now.equals(expected)) {
      assertThat(System.nanoTime()).as("%s, not %s; %s", expected, now, js.log).isLessThan(limit);
      Thread.sleep(20);
      now = answer();
    }
  }

  private static String answering(String specifier) {
    return "import text from '" + specifier + "'; export const init = () => () => text;";
  }

  @Test
  void importOfAnImport() throws Exception {
    js.write("app/b.mjs", "export default 'one';")
        .write("app/a.mjs", "export { default } from './b.mjs';");
    start(answering("./a.mjs"), "one");
    js.write("app/b.mjs", "export default 'two';");
    awaitAnswer("two");
    js.write("app/b.mjs", "export default 'broken' +;");
    js.awaitLog("b.mjs:1:26");
    assertThat(answer()).isEqualTo("two");
    js.write("app/b.mjs", "export default 'three';");
    awaitAnswer("three");
  }

  @Test
  void packageJson_andANearerPackage() throws Exception {
    start(answering("pkg"), "package a");
    js.write("node_modules/pkg/package.json", "{\"exports\": \"./b.js\"}");
    awaitAnswer("package b");
    js.write("app/node_modules/pkg/index.js", "module.exports = 'nearer';");
    awaitAnswer("nearer");
  }

  @Test
  void type_makesAnotherLanguageOfAFile() throws Exception {
    js.write("app/part.js", "globalThis.strict = this === undefined;");
    start("import './part.js'; export const init = () => () => String(strict);", "false");
    js.write("app/package.json", "{\"type\": \"module\"}");
    awaitAnswer("true");
  }

  @Test
  void linkThatIsTurned() throws Exception {
    js.write("one/index.js", "module.exports = 'same';")
        .write("two/index.js", "module.exports = 'same';");
    Path link =
        Files.createSymbolicLink(js.folder.resolve("node_modules/linked"), Path.of("../one"));
    start(
        "import { createRequire } from 'node:module';"
            + "const { resolve } = createRequire(import.meta.url);"
            + "export const init = () => { const file = resolve('linked'); return () => file.slice(-12); };",
        "one/index.js");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("../two"));
    awaitAnswer("two/index.js");
  }
}
