package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // join() heeds no interrupt
class RuntimesTest {
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private @Nullable Runtimes runtimes;

  @AfterEach
  void stop() {
    if (runtimes != null) {
      runtimes.close();
    }
  }

  private long load(GuestLanguage language, String options) throws GuestException {
    if (runtimes == null) {
      runtimes = Runtimes.start(host, List.of(language));
    }
    long queue = host.newQueue(options);
    runtimes.load(language.prefix() + ":m,init", queue);
    return queue;
  }

  private CompletableFuture<Reply> call(long queue, String text) {
    return host.call(queue, "echo", text.getBytes(UTF_8), null);
  }

  private static String text(Reply reply) {
    return reply.bytes() == null ? "nil" : new String(reply.bytes(), UTF_8);
  }

  @Test
  void call_isAnswered() throws Exception {
    long queue = load(FakeLanguage.echo("any", Threading.ANY_THREAD), "{}");
    assertThat(text(call(queue, "hello").join())).isEqualTo("hello");
    assertThat(host.call(queue, "echo", null, null).join().bytes()).isNull();
    assertThat(host.call(queue, "echo", new byte[0], null).join().bytes()).isEmpty();
  }

  @Test
  void call_thatThrows_failsThatCallAlone() throws Exception {
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    switch (new String(task.body(), UTF_8)) {
                      case "guest" -> throw new GuestException(7, "boom", "boom at m:1");
                      case "error" -> throw new StackOverflowError();
                      default -> super.handle(task);
                    }
                  }
                });
    long queue = load(language, "{}");
    Reply failed = call(queue, "guest").join();
    assertThat(failed.rc()).isEqualTo(7);
    assertThat(text(failed)).isEqualTo("boom");
    assertThat(log).contains("ERROR [any:m] boom at m:1");
    assertThat(text(call(queue, "error").join())).contains("stack overflow");
    assertThat(text(call(queue, "fine").join())).isEqualTo("fine");
  }

  @Test
  void load_thatFails_throwsWithRcAndLogs() {
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment -> {
              throw new GuestException(5, "no such module", null);
            });
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(language, "{}"))
        .satisfies(e -> assertThat(e.rc()).isEqualTo(5))
        .withMessage("no such module");
    assertThat(log).contains("ERROR [any:m] load failed: no such module");
  }

  @Test
  void load_badSpecOrLanguage_quotesIt() {
    runtimes = Runtimes.start(host, List.of(FakeLanguage.echo("any", Threading.ANY_THREAD)));
    long queue = host.newQueue("{}");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> runtimes.load("any:m", queue))
        .withMessageContaining("\"any:m\"");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> runtimes.load("ruby:m,init", queue))
        .withMessageContaining("no language \"ruby\"")
        .withMessageContaining("any");
  }

  @Test
  void blockedRuntimes_doNotDelayAnother() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    if (new String(task.body(), UTF_8).equals("block")) {
                      release.await();
                    }
                    super.handle(task);
                  }
                });
    List<CompletableFuture<Reply>> blocked = new ArrayList<>();
    List<Long> queues = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      long queue = load(language, "{}");
      queues.add(queue);
      for (int warmUp = 0; warmUp < 100; warmUp++) { // so that it does not count as slow
        call(queue, "x").join();
      }
    }
    for (long queue : queues) {
      blocked.add(call(queue, "block"));
      blocked.add(call(queue, "waits behind it"));
    }
    long free = load(language, "{}");
    for (int i = 0; i < 1000; i++) {
      assertThat(text(call(free, "free " + i).join())).isEqualTo("free " + i);
    }
    assertThat(blocked).noneMatch(CompletableFuture::isDone);
    release.countDown();
    for (CompletableFuture<Reply> call : blocked) {
      assertThat(call.join().rc()).isZero();
    }
  }

  @Test
  void homeThread_aloneEntersItsRuntime_besideBusyOnes() throws Exception {
    List<String> threads = new CopyOnWriteArrayList<>();
    FakeLanguage home =
        new FakeLanguage(
            "home",
            Threading.HOME_THREAD,
            environment ->
                new Behaviour(environment) {
                  final Thread mine = Thread.currentThread();

                  @Override
                  public void handle(Task task) throws Exception {
                    if (Thread.currentThread() != mine) {
                      threads.add("strange " + Thread.currentThread());
                    }
                    environment.executor().requireGuestThread();
                    super.handle(task);
                  }
                });
    runtimes = Runtimes.start(host, List.of(home, FakeLanguage.echo("any", Threading.ANY_THREAD)));
    long any = host.newQueue("{}");
    runtimes.load("any:m,init", any);
    long first = load(home, "{}");
    long second = load(home, "{}");
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      long queue = i % 3 == 0 ? any : i % 3 == 1 ? first : second;
      calls.add(call(queue, "n" + i));
      if (i % 10 == 0) {
        calls.getLast().join();
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(text(calls.get(i).join())).isEqualTo("n" + i);
    }
    assertThat(threads).isEmpty();
  }

  @Test
  void guestCode_isNeverInsideItselfOrConcurrent() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    environment
                        .executor()
                        .schedule(() -> task.reply(task.body()), Duration.ofMillis(1));
                    task.body();
                    Thread.yield();
                    inside.decrementAndGet();
                  }
                });
    long queue = load(language, "{}");
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      calls.add(call(queue, "n" + i));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(text(calls.get(i).join())).isEqualTo("n" + i);
    }
    assertThat(worst).hasValue(1);
  }

  @Test
  void contexts_runInParallel() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    both.countDown();
                    both.await();
                    super.handle(task);
                  }
                });
    long queue = load(language, "{\"contexts\": 2}");
    CompletableFuture<Reply> first = call(queue, "a");
    CompletableFuture<Reply> second = call(queue, "b");
    assertThat(text(first.join()) + text(second.join())).isEqualTo("ab");
  }

  @Test
  void unload_answersPendingCallsFirst_thenDisposes_thenCloses() throws Exception {
    Semaphore release = new Semaphore(0);
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    release.acquire();
                    order.add("reply");
                    super.handle(task);
                  }

                  @Override
                  public CompletionStage<Void> dispose() {
                    order.add("dispose");
                    CompletableFuture<Void> later = new CompletableFuture<>();
                    environment
                        .executor()
                        .schedule(() -> later.complete(null), Duration.ofMillis(5));
                    return later;
                  }

                  @Override
                  public void close() {
                    order.add("close");
                    closed.countDown();
                  }
                });
    long queue = load(language, "{}");
    CompletableFuture<Reply> first = call(queue, "a");
    CompletableFuture<Reply> second = call(queue, "b");
    CompletableFuture<Void> done = host.unload(queue);
    assertThat(done).isNotDone();
    release.release(2);
    assertThat(text(first.join()) + text(second.join())).isEqualTo("ab");
    done.join();
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(order).containsExactly("reply", "reply", "dispose", "close");
    assertThat(host.unanswered()).isZero();
  }

  @Test
  void cancel_ofAQueuedTask_isNeverStarted_ofAStartedOne_reachesTheGuest() throws Exception {
    Semaphore release = new Semaphore(0);
    CountDownLatch started = new CountDownLatch(1);
    List<String> seen = new CopyOnWriteArrayList<>();
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    String text = new String(task.body(), UTF_8);
                    if (text.equals("marker")) {
                      super.handle(task);
                      return;
                    }
                    seen.add(text);
                    started.countDown();
                    release.acquire();
                  }

                  @Override
                  public void cancel(Task task, CancelReason reason) {
                    seen.add("cancel " + new String(task.body(), UTF_8) + " " + reason);
                    task.drop();
                  }
                });
    long queue = load(language, "{}");
    long other = load(language, "{}");
    CompletableFuture<Reply> running = call(queue, "running");
    started.await();
    CompletableFuture<Reply> queued = call(queue, "queued");
    host.cancel(queued, CancelReason.CLIENT_GONE);
    host.cancel(running, CancelReason.TIMEOUT);
    call(other, "marker").join(); // events keep their order: the cancels have arrived
    CompletableFuture<Void> done = host.unload(queue);
    release.release();
    done.join();
    assertThat(seen).containsExactly("running", "cancel running TIMEOUT");
    assertThat(running).isDone();
    assertThat(queued).isDone();
  }

  @Test
  void thrownByATimer_isLogged_andTheRuntimeGoesOn() throws Exception {
    FakeLanguage language =
        new FakeLanguage(
            "any",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) throws Exception {
                    environment
                        .executor()
                        .execute(
                            () -> {
                              throw new IllegalStateException("timer");
                            });
                    super.handle(task);
                  }
                });
    long queue = load(language, "{}");
    call(queue, "a").join();
    assertThat(text(call(queue, "b").join())).isEqualTo("b");
    assertThat(log)
        .anyMatch(line -> line.contains("[any:m] java.lang.IllegalStateException: timer"));
  }
}
