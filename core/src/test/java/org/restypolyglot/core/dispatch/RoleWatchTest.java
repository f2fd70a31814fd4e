package org.restypolyglot.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoleWatchTest {

  @Test
  void leave_withoutAWatch_keepsTheRole() {
    try (RoleWatch watch = new RoleWatch(() -> true)) {
      assertThat(watch.leave(watch.enter())).isTrue();
    }
  }

  @Test
  void aLongStay_costsTheRole_whichIsGivenOnce_alsoAfterASilence() throws Exception {
    Semaphore appointed = new Semaphore(0);
    try (RoleWatch watch =
        new RoleWatch(
            () -> {
              appointed.release();
              return true;
            })) {
      watch.start();
      for (int i = 0; i < 3; i++) {
        long ticket = watch.enter();
        assertThat(appointed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.leave(ticket)).isFalse();
        Thread.sleep(50); // long enough for the watch to fall silent
      }
      assertThat(appointed.availablePermits()).isZero();
    }
  }

  @Test
  void withoutAThreadToAppoint_itTriesAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Semaphore appointed = new Semaphore(0);
    try (RoleWatch watch =
        new RoleWatch(
            () -> {
              if (tries.incrementAndGet() < 5) {
                return false;
              }
              appointed.release();
              return true;
            })) {
      watch.start();
      watch.enter();
      assertThat(appointed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(tries).hasValue(5);
    }
  }

  /** Either the leader leaves in time or the watch takes the role: never both, never neither. */
  @Test
  void staysOfAllLengths_endInExactlyOneWay() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    int lost = 0;
    try (RoleWatch watch =
        new RoleWatch(
            () -> {
              taken.incrementAndGet();
              return true;
            })) {
      watch.start();
      for (int i = 0; i < 2000; i++) {
        long ticket = watch.enter();
        long until = System.nanoTime() + (i % 20) * 50_000L;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        if (!watch.leave(ticket)) {
          lost++;
        }
      }
      while (taken.get() < lost) {
        Thread.onSpinWait();
      }
    }
    assertThat(lost).isPositive();
    assertThat(taken).hasValue(lost);
  }
}
