package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** A native library whose libffi_init never returns: nothing can end it, and nobody else waits. */
class NativeInitTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static final String TIMEOUT = "timeout: the load takes longer than 0.2 s, and goes on";

  private static Path library = Path.of("unset");

  @BeforeAll
  static void build() throws Exception {
    library = NativeLibrary.compile("slow_poller.c", NGINX.get().prefix().resolve("tmp"));
  }

  @Test
  void everyLoad_endsWithItsTimeout_andOthersAreServed() {
    String code =
        """
        local results = t.parallel(3, function()
            return ngx.load_ffi("%1$s", "never", {timeout = 0.2})
        end)
        return results[1], results[3], load("%1$s", ""):m("x")
        """;
    String expected = "{nil, -1, '%s'}".formatted(TIMEOUT);
    assertThat(NGINX.get().lua(code, library))
        .isEqualTo(expected + ", " + expected + ", true, 'polled'");
    assertThat(NGINX.get().lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
  }

  @Test
  void reload_doesNotWaitForIt() {
    try (Nginx nginx = new NginxConf().start()) {
      assertThat(nginx.lua("return ngx.load_ffi('%s', 'never', {timeout = 0.2})", library))
          .contains(TIMEOUT);
      nginx.awaitGone(nginx.reload());
      assertThat(nginx.lua("return load('%s', ''):m('x')", library)).isEqualTo("true, 'polled'");
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
