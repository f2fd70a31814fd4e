package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** A library that is loaded with {@code unpin} goes when it can, never under its own threads. */
class UnpinTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Path library = Path.of("unset");

  @BeforeAll
  static void build() throws Exception {
    library = NativeLibrary.compile("slow_poller.c", NGINX.get().prefix().resolve("tmp"));
  }

  private static void awaitUnmapped(Nginx nginx) {
    Path maps = Path.of("/proc/" + nginx.worker() + "/maps");
    Await.until(
        "the library is closed",
        () -> {
          try {
            return !Files.readString(maps).contains("libslow_poller.so");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"between", "after"})
  void threadThatIsBusy_whenItIsUnloaded_isWaitedFor(String where) {
    String code =
        """
        local rt = load("%s", "%s", {unpin = true})
        local ok, res = rt:m("x")
        return ok, res, rt:__unload()
        """;
    assertThat(NGINX.get().lua(code, library, where)).isEqualTo("true, 'polled', true");
    awaitUnmapped(NGINX.get());
  }

  @Test
  void threadThatHasNotPolledYet_isWaitedFor() {
    String code = "return load('%s', 'before', {unpin = true}):__unload()";
    assertThat(NGINX.get().lua(code, library)).isEqualTo("true");
    awaitUnmapped(NGINX.get());
  }

  @Test
  void threadOfALoadThatFailed_isWaitedFor() {
    NGINX.get().expectLog("\\[error].*load failed.*returned 1");
    String code = "return ngx.load_ffi('%s', 'fails', {unpin = true})";
    assertThat(NGINX.get().lua(code, library)).startsWith("nil, 1, ");
    awaitUnmapped(NGINX.get());
  }

  /** The old worker's library is not unmapped while its threads go on. */
  @Test
  void reload_withABusyThread_endsTheOldWorkerWell() {
    try (Nginx nginx = new NginxConf().start()) {
      String code = "return load('%s', '%s', {unpin = true}):m('x')";
      for (String where : new String[] {"between", "after"}) {
        assertThat(nginx.lua(code, library, where)).isEqualTo("true, 'polled'");
        nginx.awaitGone(nginx.reload());
      }
      nginx.acceptWorkers();
      nginx.check();
    }
  }
}
