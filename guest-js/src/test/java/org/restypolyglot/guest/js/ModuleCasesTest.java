package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What modules find, and what they say when they cannot, is what Node finds and says.
 *
 * <p>The files of {@code cases.txt} run here and have run on Node 22: {@code node --no-warnings
 * update.mjs} has written {@code expected.txt}.
 */
class ModuleCasesTest extends JsTestBase {
  private static final Pattern PART = Pattern.compile("^=== ", Pattern.MULTILINE);

  private static String resource(String name) throws IOException {
    try (InputStream stream = ModuleCasesTest.class.getResourceAsStream("modules/" + name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), UTF_8);
    }
  }

  private void unpack() throws IOException {
    for (String part : PART.splitAsStream(resource("cases.txt")).skip(1).toList()) {
      String head = part.substring(0, part.indexOf('\n'));
      int arrow = head.indexOf(" -> ");
      if (arrow < 0) {
        js.write(head, part.substring(part.indexOf('\n') + 1));
      } else {
        Path link = js.folder.resolve(head.substring(0, arrow));
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(head.substring(arrow + 4)));
      }
    }
  }

  @Test
  void modules_behaveAsInNode() throws Exception {
    unpack();
    js.write("main.js", "exports.init = () => () => require('./cases.js').run();");
    List<String> actual = js.text(js.load("main,init"), "run", "").lines().toList();
    assertThat(actual).containsExactlyElementsOf(resource("expected.txt").lines().toList());
  }
}
