package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.TaskQueue;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;

/** Guests that poll their task queue themselves. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // join() heeds no interrupt
class SelfPollingTest {
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private final List<String> events = new CopyOnWriteArrayList<>();
  private @Nullable Runtimes runtimes;

  @AfterEach
  void stop() {
    if (runtimes != null) {
      runtimes.close();
    }
  }

  /** Polls on threads of its own, which do with a task what {@code work} says. */
  private class Polling extends Behaviour {
    private final int threads;
    private final Work work;

    Polling(GuestEnvironment environment, int threads, Work work) {
      super(environment);
      this.threads = threads;
      this.work = work;
    }

    @Override
    public CompletionStage<Void> load() {
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform().daemon().start(this::pollAll);
      }
      return CompletableFuture.completedFuture(null);
    }

    private void pollAll() {
      TaskQueue tasks = environment.tasks();
      try {
        for (long task = tasks.poll(); task != 0; task = tasks.poll()) {
          work.on(tasks, task);
        }
        events.add("ended");
      } catch (InterruptedException e) {
        events.add("interrupted");
      }
    }

    @Override
    public boolean pollsItself() {
      return true;
    }

    @Override
    public CompletionStage<Void> dispose() {
      events.add("disposed");
      return super.dispose();
    }

    @Override
    public void close() {
      events.add("closed");
    }
  }

  private interface Work {
    void on(TaskQueue tasks, long task);
  }

  private static void echo(TaskQueue tasks, long task) {
    tasks.respond(task, 0, tasks.request(task));
  }

  private long load(FakeLanguage.Factory factory, String module, String options)
      throws GuestException {
    FakeLanguage language = new FakeLanguage("any", Threading.ANY_THREAD, factory);
    runtimes = Runtimes.start(host, List.of(language));
    long queue = host.newQueue(options);
    runtimes.load("any:" + module + ",init", queue);
    return queue;
  }

  private long load(int threads, Work work) throws GuestException {
    return load(environment -> new Polling(environment, threads, work), "m", "{}");
  }

  private CompletableFuture<Reply> call(long queue, byte @Nullable [] request) {
    return host.call(queue, "any", request, null);
  }

  @Test
  void call_isAnsweredByThePoller() throws Exception {
    long queue = load(2, SelfPollingTest::echo);
    for (int i = 0; i < 100; i++) {
      byte[] request = ("request " + i).getBytes(UTF_8);
      assertThat(call(queue, request).join().bytes()).isEqualTo(request);
    }
    assertThat(call(queue, null).join().bytes()).isNull();
    assertThat(call(queue, new byte[0]).join().bytes()).isEmpty();
    assertThat(host.unanswered()).isZero();
  }

  @Test
  void unload_letsPollersAnswer_thenDisposesAndCloses() throws Exception {
    BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
    AtomicInteger count = new AtomicInteger();
    long queue =
        load(
            1,
            (tasks, task) -> {
              if (count.getAndIncrement() == 0) {
                answers.add(() -> echo(tasks, task));
              } else {
                echo(tasks, task);
              }
            });
    CompletableFuture<Reply> slow = call(queue, "slow".getBytes(UTF_8));
    Runnable answer = answers.take();
    CompletableFuture<Reply> waiting = call(queue, "waiting".getBytes(UTF_8));
    CompletableFuture<Void> unloaded = host.unload(queue);
    assertThat(waiting.join().rc()).isZero();
    assertThat(unloaded).isNotDone();
    assertThat(events).doesNotContain("disposed");

    answer.run();
    assertThat(slow.join().bytes()).isEqualTo("slow".getBytes(UTF_8));
    unloaded.get(30, TimeUnit.SECONDS);
    assertThat(events).contains("disposed");
  }

  @Test
  void unload_whenAllIsAnswered_isDone() throws Exception {
    long queue = load(3, SelfPollingTest::echo);
    call(queue, "x".getBytes(UTF_8)).join();
    host.unload(queue).get(30, TimeUnit.SECONDS);
    assertThat(events).contains("disposed").filteredOn("ended"::equals).hasSizeBetween(0, 3);
    await("closed");
    await("ended", 3);
  }

  @Test
  void unload_withoutPollers_isDone() throws Exception {
    long queue = load(0, SelfPollingTest::echo);
    host.unload(queue).get(30, TimeUnit.SECONDS);
    assertThat(events).contains("disposed");
  }

  @Test
  void taskThatIsNeverAnswered_keepsTheUnloadForTheDrainTimeoutOnly() throws Exception {
    long queue =
        load(
            environment -> new Polling(environment, 1, (tasks, task) -> events.add("polled")),
            "m",
            "{\"drain_timeout\": 1}");
    CompletableFuture<Reply> lost = call(queue, null);
    await("polled");
    host.unload(queue).get(30, TimeUnit.SECONDS);
    assertThat(events).contains("disposed");
    assertThat(lost).isNotDone(); // the real host fails it when the runtime is done
  }

  @Test
  void secondAnswer_andMadeUpTask_areRefused() throws Exception {
    long queue =
        load(
            1,
            (tasks, task) -> {
              echo(tasks, task);
              events.add("second " + tasks.respond(task, 0, new byte[] {1}));
              events.add("made up " + tasks.respond(4711, 0, null));
              events.add("request " + (tasks.request(task) == null));
            });
    assertThat(call(queue, "x".getBytes(UTF_8)).join().bytes()).isEqualTo("x".getBytes(UTF_8));
    await("request true");
    assertThat(events).contains("second false", "made up false");
    assertThat(log)
        .anyMatch(line -> line.contains("respond() refused: 0x1267 is no task"))
        .anyMatch(line -> line.contains("get_req() refused"));
  }

  @Test
  void hotReload_isTold_andDoesNotHappen() throws Exception {
    long queue =
        load(environment -> new Polling(environment, 1, SelfPollingTest::echo), "m?", "{}");
    assertThat(log).filteredOn(line -> line.contains("polls for its tasks itself")).hasSize(1);
    assertThat(call(queue, "x".getBytes(UTF_8)).join().rc()).isZero();
  }

  @Test
  void someContextsOnly_failTheLoad() {
    AtomicInteger count = new AtomicInteger();
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(
            () ->
                load(
                    environment ->
                        count.getAndIncrement() == 0
                            ? new Polling(environment, 0, SelfPollingTest::echo)
                            : new Behaviour(environment) {},
                    "m",
                    "{\"contexts\": 2}"))
        .withMessageContaining("1 of 2 contexts poll for their tasks themselves");
  }

  private void await(String event) throws InterruptedException {
    await(event, 1);
  }

  private void await(String event, int count) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (events.stream().filter(event::equals).count() < count) {
      assertThat(System.nanoTime()).as("waiting for %s in %s", event, events).isLessThan(limit);
      Thread.sleep(2);
    }
  }
}
