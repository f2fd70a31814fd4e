package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a guest after its close. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LeakTest {
  @TempDir private Path folder;

  @Test
  void closedGuest_withTheClaimOnExtensionModules_isNotKept() throws Exception {
    WatchedLanguage language = new WatchedLanguage();
    try (PythonHost python = new PythonHost(folder, language)) {
      python.write(
          "m.py",
          """
          import importlib.util
          def init(cfg):
              try:
                  importlib.util.find_spec("_cpython_sre")
              except ImportError:
                  pass  # another test of this JVM has the claim
              return lambda req, task: req
          """);
      long queue = python.load("m,init");
      assertThat(python.call(queue, "m", "x")).isEqualTo("x");
      python.unload(queue);
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PythonHost.SECONDS);
      while (!language.guests.getFirst().refersTo(null)) {
        assertThat(System.nanoTime()).as("the guest is kept").isLessThan(limit);
        System.gc();
        Thread.sleep(20);
      }
    }
  }
}
