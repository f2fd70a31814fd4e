package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/**
 * Signals of nginx and of the JVM do not disturb each other. Reload, quit and terminate with calls
 * in flight, and log rotation, are in {@link NginxReloadTest}.
 */
class SignalsTest {

  private static NginxConf conf() {
    // Without keep-alive no request of a test can meet a connection that the old worker closes.
    return new NginxConf().http("keepalive_timeout 0;");
  }

  private static String echo(Nginx nginx, Lang lang, String text) {
    return nginx.lua("return load('%s'):echo('%s')", lang.spec("t/calls"), text);
  }

  /** A new master and a new worker take over; the old worker answers what it has got, and ends. */
  @ParameterizedTest
  @EnumSource
  void upgradeOfTheMaster_losesNoCall(Lang lang) {
    try (Nginx nginx = conf().daemon().start()) {
      List<CompletableFuture<String>> calls = CallsInFlight.start(nginx, lang, 4000);
      ProcessHandle old = nginx.upgrade();
      nginx.signal("WINCH", old.pid());
      assertThat(echo(nginx, lang, "meanwhile")).isEqualTo("true, 'meanwhile'");
      assertThat(calls)
          .allSatisfy(call -> assertThat(call.join()).isEqualTo("true, 'waited 4000'"));
      Await.until("the end of the old worker", () -> nginx.workersOf(old).isEmpty());
      nginx.signal("QUIT", old.pid());
      nginx.awaitEnd(old);
      assertThat(echo(nginx, lang, "upgraded")).isEqualTo("true, 'upgraded'");
      nginx.acceptWorkers();
      nginx.check();
    }
  }

  /** Signals that mean nothing to a worker or a master that is no daemon, or nothing harmful. */
  @Test
  void straySignals_disturbNothing() {
    try (Nginx nginx = conf().start()) {
      nginx.log().allow("the changing binary signal is ignored"); // nginx's, as it is no daemon
      long worker = nginx.worker();
      for (Lang lang : Lang.values()) {
        assertThat(echo(nginx, lang, "loaded")).isEqualTo("true, 'loaded'");
      }
      for (String signal : List.of("USR1", "USR2", "WINCH", "PIPE", "CHLD", "IO", "ALRM")) {
        for (int i = 0; i < 5; i++) {
          nginx.signal(signal, worker);
          nginx.signal(signal);
          for (Lang lang : Lang.values()) {
            assertThat(echo(nginx, lang, signal)).isEqualTo("true, '" + signal + "'");
          }
        }
      }
      nginx.signal("HUP", worker);
      assertThat(echo(nginx, Lang.JS, "still")).isEqualTo("true, 'still'");
      assertThat(nginx.worker()).isEqualTo(worker);
      nginx.check();
    }
  }

  /** A load whose JVM pauses inside its boot until {@code paused} is removed. */
  private static CompletableFuture<String> pausedBoot(Nginx nginx, Path paused, String timeout) {
    String code =
        """
        require("resty_ffi").setup{jvm_options = {
            "-XX:+UnlockDiagnosticVMOptions", "-XX:+PauseAtStartup", "-XX:PauseAtStartupFile=%s"}}
        local rt, rc, err = ngx.load_ffi("js:t/calls,init", nil, {timeout = %s})
        if not rt then return err end
        return rt:echo("booted")
        """;
    CompletableFuture<String> load = nginx.luaAsync(code, paused, timeout);
    Await.until("the JVM's pause", () -> Files.exists(paused));
    return load;
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "QUIT", "TERM"})
  void signalDuringTheJvmsBoot(String signal) throws IOException {
    try (Nginx nginx = conf().start()) {
      Path paused = nginx.prefix().resolve("tmp/paused");
      CompletableFuture<String> load = pausedBoot(nginx, paused, "0");
      expectEndOf(nginx, signal, load, () -> Files.delete(paused), "true, 'booted'");
    }
  }

  @ParameterizedTest
  @CsvSource({"JS, HUP", "JS, QUIT", "JS, TERM", "PY, HUP", "PY, QUIT", "PY, TERM"})
  void signalDuringAGuestsLoad(Lang lang, String signal) throws IOException {
    try (Nginx nginx = conf().start()) {
      // So that what is interrupted is the guest's load, and not the JVM's boot.
      assertThat(echo(nginx, lang, "loaded")).isEqualTo("true, 'loaded'");
      Path gate = nginx.prefix().resolve("tmp/gate");
      CompletableFuture<String> load =
          nginx.luaAsync(
              "return load('%s', nil, {timeout = 0}):echo('loaded')",
              lang.spec("t/gate", "blocked_init," + gate));
      nginx.expectLog("waits for " + gate);
      nginx.check();
      expectEndOf(nginx, signal, load, () -> Files.createFile(gate), "true, 'loaded'");
    }
  }

  @FunctionalInterface
  private interface Release {
    void now() throws IOException;
  }

  /** Reload and quit answer a request that waits for its load; terminate does not wait. */
  private static void expectEndOf(
      Nginx nginx, String signal, CompletableFuture<String> load, Release release, String answer)
      throws IOException {
    switch (signal) {
      case "HUP" -> {
        Set<Long> old = nginx.reload();
        assertThat(echo(nginx, Lang.JS, "new worker")).isEqualTo("true, 'new worker'");
        assertThat(load).isNotDone();
        release.now();
        assertThat(load.join()).isEqualTo(answer);
        nginx.awaitGone(old);
        nginx.acceptWorkers();
        nginx.check();
      }
      case "QUIT" -> {
        nginx.signal(signal);
        nginx.expectLog("gracefully shutting down");
        nginx.log().check();
        assertThat(load).isNotDone();
        release.now();
        assertThat(load.join()).isEqualTo(answer);
        nginx.awaitStop();
      }
      default -> {
        nginx.signal(signal);
        nginx.awaitStop();
        assertThat(load).failsWithin(Await.LIMIT);
      }
    }
  }

  /** Nobody waits for the load any more: neither does the worker. */
  @Test
  void quitDuringABoot_thatNobodyWaitsFor() {
    try (Nginx nginx = conf().start()) {
      Path paused = nginx.prefix().resolve("tmp/paused");
      assertThat(pausedBoot(nginx, paused, "0.1").join()).startsWith("'timeout");
      nginx.signal("QUIT");
      nginx.awaitStop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void quitDuringALoad_thatNobodyWaitsFor(Lang lang) {
    try (Nginx nginx = conf().start()) {
      assertThat(echo(nginx, lang, "loaded")).isEqualTo("true, 'loaded'");
      String code =
          """
          ngx.thread.kill(ngx.thread.spawn(ngx.load_ffi, "%s", nil, {timeout = 0}))
          """;
      nginx.lua(code, lang.spec("t/gate", "blocked_init,/never"));
      nginx.expectLog("waits for /never");
      nginx.check();
      nginx.signal("QUIT");
      nginx.awaitStop();
    }
  }
}
