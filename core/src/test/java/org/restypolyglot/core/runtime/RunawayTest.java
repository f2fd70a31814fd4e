package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;

/** Guests that do not end, or are broken off: what their callers get, and what follows. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RunawayTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private final AtomicInteger guests = new AtomicInteger();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private @Nullable Runtimes runtimes;

  @AfterEach
  void stop() {
    if (runtimes != null) {
      runtimes.close();
    }
  }

  /** Methods: {@code spin} until broken off, {@code later} never answers, others echo. */
  private class Spinner extends Behaviour {
    final int number = guests.incrementAndGet();
    final CountDownLatch spinning = new CountDownLatch(1);
    final CountDownLatch begun = new CountDownLatch(1);
    final boolean heedsInterrupt;
    volatile boolean brokenOff;

    Spinner(GuestEnvironment environment, boolean heedsInterrupt) {
      super(environment);
      this.heedsInterrupt = heedsInterrupt;
      last = this;
    }

    final void spin() {
      spinning.countDown();
      while (!brokenOff) {
        LockSupport.parkNanos(1_000_000);
      }
      brokenOff = false;
    }

    @Override
    public void handle(Task task) throws Exception {
      switch (task.method()) {
        case "spin" -> {
          spin();
          throw new GuestException("broken off");
        }
        case "later" -> begun.countDown();
        case "later_spin" -> environment.executor().execute(this::spin);
        case "damage" -> {
          environment.damaged().accept("out of something");
          throw new GuestException("the cause");
        }
        default -> task.reply(task.method() + " of " + number);
      }
    }

    @Override
    public boolean interrupt(Duration patience) {
      events.add("interrupt");
      brokenOff = heedsInterrupt;
      return heedsInterrupt;
    }

    @Override
    public void kill() {
      events.add("kill");
      brokenOff = true;
    }

    @Override
    public void close() {
      events.add("close " + number);
    }
  }

  private volatile @Nullable Spinner last;

  private long load(FakeLanguage.Factory factory, Threading threading, String options)
      throws GuestException {
    runtimes = Runtimes.start(host, List.of(new FakeLanguage("any", threading, factory)));
    long queue = host.newQueue(options);
    runtimes.load("any:m,init", queue);
    return queue;
  }

  private CompletableFuture<Reply> call(long queue, String method, @Nullable Duration timeout) {
    return host.call(queue, method, new byte[0], timeout);
  }

  private static String text(CompletableFuture<Reply> call) {
    Reply reply = call.join();
    return reply.rc() + " " + (reply.bytes() == null ? "nil" : new String(reply.bytes(), UTF_8));
  }

  private void awaitClose() throws InterruptedException {
    while (!events.contains("close 1")) {
      Thread.sleep(5);
    }
  }

  private void awaitSpinning() throws InterruptedException {
    last.spinning.await();
  }

  @Test
  void overdueHandler_isInterrupted_andItsContextGoesOn() throws Exception {
    long queue = load(e -> new Spinner(e, true), Threading.ANY_THREAD, "{}");
    CompletableFuture<Reply> other = call(queue, "later", null);
    CompletableFuture<Reply> spin = call(queue, "spin", SHORT);
    CompletableFuture<Reply> queued = call(queue, "echo", null);
    awaitSpinning();
    host.cancel(spin, CancelReason.TIMEOUT);
    assertThat(text(spin)).isEqualTo("1 broken off");
    assertThat(text(queued)).isEqualTo("0 echo of 1");
    assertThat(other).isNotDone();
    assertThat(events).containsExactly("interrupt");
  }

  @Test
  void handlerWithinItsTime_isLeftAlone_whoeverTimesOut() throws Exception {
    long queue = load(e -> new Spinner(e, true), Threading.ANY_THREAD, "{}");
    CompletableFuture<Reply> spin = call(queue, "spin", Duration.ofHours(1));
    awaitSpinning();
    CompletableFuture<Reply> queued = call(queue, "echo", SHORT);
    host.cancel(queued, CancelReason.TIMEOUT);
    Thread.sleep(RunawayGuard.GRACE.plusMillis(500));
    assertThat(spin).isNotDone();
    assertThat(events).isEmpty();
    last.brokenOff = true;
    assertThat(text(spin)).isEqualTo("1 broken off");
    assertThat(text(queued)).isEqualTo("0 nil"); // never started
  }

  @Test
  void stubbornHandler_costsItsContext_theNextGenerationServesWhatHadNotBegun() throws Exception {
    for (Threading threading : Threading.values()) {
      events.clear();
      guests.set(0);
      long queue = load(e -> new Spinner(e, false), threading, "{}");
      CompletableFuture<Reply> begun = call(queue, "later", null);
      CompletableFuture<Reply> spin = call(queue, "spin", SHORT);
      CompletableFuture<Reply> queued = call(queue, "echo", null);
      awaitSpinning();
      host.cancel(spin, CancelReason.TIMEOUT);
      assertThat(text(queued)).isEqualTo("0 echo of 2");
      assertThat(text(spin)).startsWith("1 the handler \"spin\" did not end");
      assertThat(text(begun)).startsWith("1 the handler \"spin\" did not end");
      assertThat(text(call(queue, "more", null))).isEqualTo("0 more of 2");
      host.unload(queue).join();
      awaitClose(); // of the first one: the unload waits for the one that serves
      assertThat(events).contains("interrupt", "kill");
      assertThat(host.unanswered()).isZero();
      runtimes.close();
    }
  }

  /** A guard makes the next generation while the poll thread gets calls for it. */
  @Test
  void callThatComesWhileTheNextGenerationIsMade_isServed() throws Exception {
    CountDownLatch made = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    Host slow =
        (Host)
            Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("status")
                      && arguments[1].toString().contains("\"generation\":2")) {
                    made.countDown();
                    told.await();
                  }
                  return method.invoke(host, arguments);
                });
    FakeLanguage language =
        new FakeLanguage("any", Threading.ANY_THREAD, e -> new Spinner(e, false));
    runtimes = Runtimes.start(slow, List.of(language));
    long queue = host.newQueue("{}");
    runtimes.load("any:m,init", queue);
    CompletableFuture<Reply> spin = call(queue, "spin", SHORT);
    awaitSpinning();
    host.cancel(spin, CancelReason.TIMEOUT);
    made.await();
    CompletableFuture<Reply> call = call(queue, "echo", null);
    // The poll thread has given it to the new generation when it has served another runtime.
    long other = host.newQueue("{}");
    runtimes.load("any:other,init", other);
    assertThat(text(call(other, "echo", null))).startsWith("0 echo");
    told.countDown();
    assertThat(text(call)).startsWith("0 echo");
  }

  @Test
  void spinAfterAnAwait_isBrokenOff_whenTheLastDeadlineHasPassed() throws Exception {
    long queue = load(e -> new Spinner(e, true), Threading.HOME_THREAD, "{}");
    CompletableFuture<Reply> spin = call(queue, "later_spin", SHORT);
    awaitSpinning();
    host.cancel(spin, CancelReason.TIMEOUT);
    assertThat(text(spin)).contains("did not end, and was interrupted");
    assertThat(text(call(queue, "echo", null))).isEqualTo("0 echo of 1");
  }

  @Test
  void damagedContext_isReplaced_whenOthersHadBegun() throws Exception {
    long queue = load(e -> new Spinner(e, true), Threading.ANY_THREAD, "{}");
    assertThat(text(call(queue, "damage", null))).isEqualTo("1 the cause");
    assertThat(text(call(queue, "echo", null))).isEqualTo("0 echo of 1");
    CompletableFuture<Reply> begun = call(queue, "later", null);
    assertThat(text(call(queue, "damage", null))).isEqualTo("1 the cause");
    assertThat(text(begun)).isEqualTo("1 out of something");
    assertThat(text(call(queue, "echo", null))).isEqualTo("0 echo of 2");
  }

  @Test
  void generationThatDoesNotLoad_failsItsCalls_andIsTriedAgain() throws Exception {
    long queue =
        load(
            e ->
                new Spinner(e, true) {
                  @Override
                  public CompletionStage<Void> load() {
                    return number == 2
                        ? CompletableFuture.failedFuture(new GuestException("no luck"))
                        : super.load();
                  }
                },
            Threading.HOME_THREAD,
            "{}");
    CompletableFuture<Reply> begun = call(queue, "later", null);
    assertThat(text(call(queue, "damage", null))).isEqualTo("1 the cause");
    assertThat(text(begun)).isEqualTo("1 out of something");
    assertThat(text(call(queue, "echo", null))).isEqualTo("1 load failed: no luck");
    String later = text(call(queue, "echo", null));
    while (later.startsWith("1 load failed")) {
      Thread.sleep(100);
      later = text(call(queue, "echo", null));
    }
    assertThat(later).isEqualTo("0 echo of 3");
  }

  @Test
  void loadThatNeverSettles_fails_andIsClosed() {
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(
            () ->
                load(
                    e ->
                        new Spinner(e, true) {
                          @Override
                          public CompletionStage<Void> load() {
                            return new CompletableFuture<>();
                          }
                        },
                    Threading.ANY_THREAD,
                    "{\"load_timeout\": 0.2}"))
        .withMessageContaining("init takes longer than 0.2 s");
  }

  @Test
  void loadThatNeverReturns_fails_andIsKilled() throws Exception {
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(
            () ->
                load(
                    e ->
                        new Spinner(e, true) {
                          @Override
                          public CompletionStage<Void> load() {
                            spin();
                            return super.load();
                          }
                        },
                    Threading.HOME_THREAD,
                    "{\"load_timeout\": 0.2}"))
        .withMessageContaining("init takes longer than 0.2 s");
    awaitClose();
    assertThat(events).containsExactly("kill", "close 1");
  }

  @Test
  void disposeThatNeverReturns_delaysTheUnloadForItsLimitOnly() throws Exception {
    long queue =
        load(
            e ->
                new Spinner(e, true) {
                  @Override
                  public CompletionStage<Void> dispose() {
                    spin();
                    return super.dispose();
                  }
                },
            Threading.HOME_THREAD,
            "{}");
    host.unload(queue).join();
    assertThat(log).anyMatch(line -> line.contains("dispose takes longer than 10 s"));
    awaitClose();
    assertThat(events).containsExactly("kill", "close 1");
  }

  @Test
  void cancelAfterUnload_reachesTheGuest_andOneThatIgnoresIt_isNotWaitedForLong() throws Exception {
    long queue =
        load(
            e ->
                new Spinner(e, true) {
                  @Override
                  public void cancel(Task task, CancelReason reason) {
                    events.add("cancel " + reason);
                  }
                },
            Threading.ANY_THREAD,
            "{}");
    CompletableFuture<Reply> never = call(queue, "later", SHORT);
    last.begun.await();
    CompletableFuture<Void> unloaded = host.unload(queue);
    host.cancel(never, CancelReason.TIMEOUT);
    unloaded.join();
    assertThat(events).containsSequence("cancel TIMEOUT");
    assertThat(text(never)).isEqualTo("0 nil");
  }

  @Test
  void cancelledHandler_thatSpins_losesItsPlaceAllTheSame() throws Exception {
    long queue = load(e -> new Spinner(e, true), Threading.ANY_THREAD, "{}");
    CompletableFuture<Reply> spin = call(queue, "spin", null); // no deadline: never broken off
    awaitSpinning();
    host.cancel(spin, CancelReason.CLIENT_GONE);
    assertThat(text(spin)).isEqualTo("0 nil");
    assertThat(events).isEmpty();
    last.brokenOff = true;
    assertThat(text(call(queue, "echo", null))).isEqualTo("0 echo of 1");
  }
}
