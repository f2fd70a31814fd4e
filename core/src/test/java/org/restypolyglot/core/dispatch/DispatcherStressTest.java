package org.restypolyglot.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.restypolyglot.core.host.InMemoryHost;

/**
 * Pieces of all lengths, from several threads, on executors with and without home threads: each
 * piece runs once, those of one executor one after another, whoever has the role at the moment.
 */
@Timeout(120)
class DispatcherStressTest {
  private static final int EXECUTORS = 8;
  private static final int PRODUCERS = 4;
  private static final int PIECES = 20_000;

  private final Map<String, Integer> wrong = new ConcurrentHashMap<>();
  private final CountDownLatch left = new CountDownLatch(PRODUCERS * PIECES);

  /** What an executor's pieces check. */
  private final class Lane {
    final SerialExecutor executor;
    final boolean hasHome;
    final AtomicInteger inside = new AtomicInteger();
    final int[] last = new int[PRODUCERS];
    @Nullable Thread thread;

    Lane(SerialExecutor executor, boolean hasHome) {
      this.executor = executor;
      this.hasHome = hasHome;
    }

    void piece(int producer, int number, long nanos) {
      check(inside.incrementAndGet() == 1, "two pieces at once");
      check(executor.isGuestThread(), "not the guest thread");
      check(last[producer] < number, "out of order");
      last[producer] = number;
      check(!hasHome || thread == null || thread == Thread.currentThread(), "not at home");
      thread = Thread.currentThread();
      if (nanos > 0) {
        LockSupport.parkNanos(nanos);
      }
      inside.decrementAndGet();
      left.countDown();
    }
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      wrong.merge(what, 1, Integer::sum);
    }
  }

  @Test
  void everyPieceRunsOnce_inOrder_oneAtATime() throws Exception {
    InMemoryHost host = new InMemoryHost((level, text) -> {});
    try (Dispatcher dispatcher = new Dispatcher(host, event -> {})) {
      dispatcher.start();
      List<Lane> lanes = new ArrayList<>();
      for (int i = 0; i < EXECUTORS; i++) {
        SerialExecutor.Failures failures = failure -> check(false, failure.toString());
        lanes.add(
            i % 3 == 0
                ? new Lane(dispatcher.newHomeExecutor("lane " + i, failures), true)
                : new Lane(dispatcher.newExecutor(failures), false));
      }
      List<Thread> producers = new ArrayList<>();
      for (int p = 0; p < PRODUCERS; p++) {
        int producer = p;
        producers.add(Thread.ofPlatform().start(() -> produce(producer, lanes)));
      }
      for (Thread producer : producers) {
        producer.join();
      }
      assertThat(left.await(90, TimeUnit.SECONDS)).as("%d pieces left", left.getCount()).isTrue();
    }
    assertThat(wrong).isEmpty();
  }

  private static void produce(int producer, List<Lane> lanes) {
    SplittableRandom random = new SplittableRandom(producer);
    int[] number = new int[lanes.size()];
    for (int i = 0; i < PIECES; i++) {
      int to = random.nextInt(lanes.size());
      Lane lane = lanes.get(to);
      int next = ++number[to];
      long nanos = random.nextInt(500) == 0 ? random.nextInt(3_000_000) : 0;
      lane.executor.execute(() -> lane.piece(producer, next, nanos));
      if (random.nextInt(200) == 0) {
        LockSupport.parkNanos(random.nextInt(500_000)); // lets the executors run dry
      }
    }
  }
}
