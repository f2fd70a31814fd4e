package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.guest.GuestException;

/** Our module {@code cffi}: the cases are Python's, so that the package can run them too. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CffiTest {
  @TempDir private Path folder;

  /** Then the package is for other uses: it knows nothing of our addresses. */
  @Test
  void packageThatIsOpened_isThePackage() throws Exception {
    try (PythonHost python = new PythonHost(folder)) {
      python.write("cffi/__init__.py", "name = 'the package'\n");
      python.write(
          "user.py",
          """
          import cffi
          def init(cfg): return lambda req, task: getattr(cffi, "name", "ours")
          def polls(cfg, tq): return 0
          """);
      long closed = python.load("user,init");
      assertThat(python.call(closed, "any")).isEqualTo("ours");
      python.unload(closed);
      long open = python.load("user,init", opened());
      assertThat(python.call(open, "any")).isEqualTo("the package");
      python.unload(open);
      assertThatExceptionOfType(GuestException.class)
          .isThrownBy(() -> python.load("user,polls", opened()))
          .withMessageContaining("but here cffi is the package in " + folder.resolve("cffi"));
    }
  }

  private static JsonObject opened() {
    return JsonParser.parseString("{\"permissions\": {\"native\": [\"_cffi_backend\"]}}")
        .getAsJsonObject();
  }

  @Test
  void cases() throws Exception {
    try (PythonHost python = new PythonHost(folder);
        InputStream cases = CffiTest.class.getResourceAsStream("cffi_cases.py")) {
      python.write("cases.py", new String(cases.readAllBytes(), StandardCharsets.UTF_8));
      // What is installed under that name needs native access, and is left alone.
      python.write("cffi/__init__.py", "import _cffi_backend\n");
      long queue = python.load("cases,init");
      assertThat(python.call(queue, "run")).isEqualTo("all fine");
      python.unload(queue);
    }
  }
}
