package org.restypolyglot.t;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** nginx reload, quit and terminate, with calls in flight. */
class NginxReloadTest {

  private static NginxConf conf() {
    // Without keep-alive no request of a test can meet a connection that the old worker closes.
    return new NginxConf().http("keepalive_timeout 0;");
  }

  @ParameterizedTest
  @EnumSource
  void reload_losesNoCall_andTheOldWorkerGoes(Lang lang) {
    try (Nginx nginx = conf().start()) {
      List<CompletableFuture<String>> calls = CallsInFlight.start(nginx, lang, 3000);
      Set<Long> old = nginx.reload();
      assertThat(nginx.lua("return load('%s'):echo('new worker')", lang.spec("t/calls")))
          .isEqualTo("true, 'new worker'");
      assertThat(calls)
          .allSatisfy(call -> assertThat(call.join()).isEqualTo("true, 'waited 3000'"));
      nginx.awaitGone(old);
      assertThat(nginx.lua("return load('%s'):count()", lang.spec("t/calls")))
          .isEqualTo("true, '1'");
      nginx.acceptWorkers();
      nginx.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void quit_answersCallsInFlight_andRunsDispose(Lang lang) {
    try (Nginx nginx = conf().start()) {
      String life = lang.spec("t/life", "init,at-exit");
      assertThat(nginx.lua("return load('%s'):echo('x')", life)).isEqualTo("true, 'x'");
      List<CompletableFuture<String>> calls = CallsInFlight.start(nginx, lang, 2000);
      nginx.expectLog("init of at-exit");
      nginx.expectLog("dispose of at-exit");
      nginx.signal("QUIT");
      assertThat(calls)
          .allSatisfy(call -> assertThat(call.join()).isEqualTo("true, 'waited 2000'"));
      nginx.awaitStop();
    }
  }

  /** The calls would take ten minutes: nginx must not wait for them. */
  @ParameterizedTest
  @EnumSource
  void terminate_waitsForNoCall(Lang lang) {
    try (Nginx nginx = conf().start()) {
      List<CompletableFuture<String>> calls = CallsInFlight.start(nginx, lang, 600_000);
      nginx.signal("TERM");
      nginx.awaitStop();
      assertThat(calls)
          .allSatisfy(
              call -> assertThat(call).failsWithin(Await.LIMIT).withThrowableThat().isNotNull());
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }

  /** A guest that never comes back does not keep a worker that has nothing to answer. */
  @ParameterizedTest
  @EnumSource
  void quit_waitsForNoStuckGuest(Lang lang) {
    try (Nginx nginx = conf().start()) {
      String code = "return load('%s'):block('/never', {timeout = 0.2})";
      assertThat(nginx.lua(code, lang.spec("t/gate"))).isEqualTo("false, 'timeout'");
      nginx.signal("QUIT");
      nginx.awaitStop();
    }
  }

  @ParameterizedTest
  @CsvSource({"JS, 4", "PY, 2"})
  void reloadAgainAndAgain_underCalls(Lang lang, int rounds) throws InterruptedException {
    String code = "return load('%s'):later('%s', {timeout = 0})";
    try (Nginx nginx = conf().start()) {
      nginx.lua(code, lang.spec("t/calls"), "loaded");
      List<CompletableFuture<String>> calls = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 50; i++) {
          String reply = round + "/" + i;
          calls.add(
              nginx
                  .luaAsync(code, lang.spec("t/calls"), reply)
                  .thenApply(answer -> answer.equals("true, '" + reply + "'") ? "ok" : answer));
          Thread.sleep(10);
        }
        nginx.reload();
      }
      assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo("ok"));
      Await.until("one worker", () -> nginx.workers().size() == 1);
      nginx.acceptWorkers();
      nginx.check();
    }
  }

  /** As logrotate does it: move the file, then USR1. */
  @ParameterizedTest
  @EnumSource
  void reopenedLog_getsTheGuestsLines(Lang lang) {
    try (Nginx nginx = conf().start()) {
      String code = "return load('%s'):print('%s')";
      String spec = lang.spec("t/log");
      assertThat(nginx.lua(code, spec, "before")).isEqualTo("true, 'printed'");
      nginx.expectLog("t/log.*before");
      nginx.check();
      Path moved = nginx.log().moveAway();
      nginx.signal("USR1");
      // Said before the new file is opened, on the thread that serves the next request.
      String reopening = nginx.worker() + "#" + nginx.worker() + ": reopening logs";
      Await.until("the worker's new log", () -> read(moved).contains(reopening));
      assertThat(nginx.lua(code, spec, "after")).isEqualTo("true, 'printed'");
      nginx.expectLog("t/log.*after");
      nginx.check();
      assertThat(nginx.log().lines()).noneMatch(line -> line.contains("before"));
      assertThat(read(moved)).contains("before").doesNotContain("after");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
