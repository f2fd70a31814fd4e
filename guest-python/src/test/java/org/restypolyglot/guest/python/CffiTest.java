package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our module {@code cffi}: the cases are Python's, so that the package can run them too. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CffiTest {
  @TempDir private Path folder;

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
