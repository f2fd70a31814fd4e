package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/**
 * The first load of a worker boots the JVM, the engine and the guest, and takes seconds; meanwhile
 * the worker answers others. The longest gap between their answers is printed; what it says of the
 * worker, and not of the machine, is {@code bench/coldstart}'s to find out.
 */
class ColdStartTest {

  /** How long nobody got an answer, at most, and how many did. */
  private record Gaps(Duration longest, int answers) {}

  private static Gaps gaps(Nginx nginx, BooleanSupplier enough) {
    long longest = 0;
    int answers = 0;
    for (long last = System.nanoTime(); !enough.getAsBoolean(); answers++) {
      assertThat(nginx.get("/plain")).isEqualTo("plain");
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return new Gaps(Duration.ofNanos(longest), answers);
  }

  private static void checkOthersAreServed(
      Nginx nginx, Lang lang, long begin, CompletableFuture<String> load, String reply) {
    Gaps gaps = gaps(nginx, load::isDone);
    Duration length = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(load.join()).isEqualTo(reply);
    System.out.printf(
        "cold start, %s: %d answers of the worker in %d ms, at most %d ms apart%n",
        lang, gaps.answers(), length.toMillis(), gaps.longest().toMillis());
    assertThat(gaps.answers()).as("answers during a load of %s", length).isGreaterThan(50);
  }

  @ParameterizedTest
  @EnumSource
  void firstLoad_stallsNobody(Lang lang) {
    try (Nginx nginx = new NginxConf().start()) {
      long begin = System.nanoTime();
      CompletableFuture<String> load =
          nginx.luaAsync("return load('%s'):echo('loaded')", lang.spec("t/calls"));
      checkOthersAreServed(nginx, lang, begin, load, "true, 'loaded'");
      nginx.check();
    }
  }

  /** Where the phase cannot yield, nobody waits; the worker serves from its first moment. */
  @ParameterizedTest
  @EnumSource
  void firstLoadInInitWorker_stallsNobody(Lang lang) {
    long begin = System.nanoTime();
    try (Nginx nginx =
        new NginxConf()
            .http(
                "init_worker_by_lua_block { rt = require('resty_ffi') and ngx.load_ffi('%s') }"
                    .formatted(lang.spec("t/calls")))
            .start()) {
      CompletableFuture<String> first = nginx.luaAsync("return rt:echo('waited for the load')");
      checkOthersAreServed(nginx, lang, begin, first, "true, 'waited for the load'");
      nginx.check();
    }
  }
}
