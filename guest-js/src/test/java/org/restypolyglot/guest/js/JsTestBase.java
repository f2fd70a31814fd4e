package org.restypolyglot.guest.js;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a harness with a folder of its own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class JsTestBase {
  JsHarness js;

  @BeforeEach
  final void open(@TempDir Path folder) {
    js = new JsHarness(folder);
  }

  @AfterEach
  final void close() {
    js.close();
  }
}
