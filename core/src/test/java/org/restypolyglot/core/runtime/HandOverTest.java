package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.dispatch.Dispatcher;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;
import org.restypolyglot.core.sources.Snapshot;
import org.restypolyglot.core.sources.SourceStore;
import org.restypolyglot.core.sources.SourceWatch;

/** The moments in which one generation follows another, each brought about as it may happen. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HandOverTest {
  private static final int WAITING = 40;

  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private volatile Consumer<Event.Call> calls = call -> {};
  private final Dispatcher dispatcher = new Dispatcher(host, this::onEvent);
  private final ExecutorService guards = Executors.newCachedThreadPool();
  private final SourceWatch watch = new SourceWatch(Set.of(), log::add);
  private final Services services =
      new Services(host, dispatcher, new SourceStore(), () -> watch, guards);
  private final List<Replying> guests = new CopyOnWriteArrayList<>();
  private final long queue = host.newQueue("{}");
  private final Recipe recipe =
      new Recipe(
          new FakeLanguage("any", Threading.ANY_THREAD, Replying::new),
          Spec.parse("any:m?,init"),
          RuntimeOptions.parse("{\"drain_timeout\": 0}"),
          new PolledQueue(host, queue, (level, text) -> {}),
          (level, text) -> log.add(level + " " + text));

  /** Answers with its number, from 1; a "wait" when it is cancelled. */
  private final class Replying extends Behaviour {
    final int number;
    final AtomicInteger loads = new AtomicInteger();
    final CountDownLatch holding = new CountDownLatch(1);
    final CountDownLatch held = new CountDownLatch(1);
    final CountDownLatch disposing = new CountDownLatch(1);
    final CompletableFuture<Void> disposed = new CompletableFuture<>();

    Replying(GuestEnvironment environment) {
      super(environment);
      guests.add(this);
      number = guests.size();
    }

    GuestEnvironment environment() {
      return environment;
    }

    @Override
    public CompletionStage<Void> load() {
      loads.incrementAndGet();
      return super.load();
    }

    @Override
    public void handle(Task task) throws Exception {
      if (task.method().equals("wait")) {
        return;
      }
      if (task.method().equals("hold")) {
        holding.countDown();
        held.await();
      }
      task.reply(Integer.toString(number));
    }

    @Override
    public void cancel(Task task, CancelReason reason) {
      task.drop();
    }

    @Override
    public CompletionStage<Void> dispose() {
      disposing.countDown();
      return disposed;
    }
  }

  private void onEvent(Event event) {
    if (event instanceof Event.Call call) {
      calls.accept(call);
    }
  }

  @BeforeEach
  void serve() {
    host.add(queue, 1);
  }

  @AfterEach
  void stop() {
    guests.forEach(guest -> guest.held.countDown());
    dispatcher.close();
    watch.close();
    guards.shutdownNow();
  }

  private Slot slot() {
    return new Slot(recipe, services, new Status(host, queue, new Snapshot()), new Snapshot());
  }

  private static Generation loaded(Slot slot) {
    Generation next = slot.prepare(new Snapshot());
    next.load().toCompletableFuture().join();
    return next;
  }

  private CompletableFuture<String> call(String method) {
    return host.call(queue, method, null, null).thenApply(HandOverTest::text);
  }

  private static String text(Reply reply) {
    return reply.bytes() == null ? "nil" : new String(reply.bytes(), UTF_8);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  /** The poll thread has looked up the old generation just before the next one took its place. */
  @Test
  void callThatComesToADisposingGeneration_isAnsweredByTheNext() throws Exception {
    dispatcher.start();
    Slot slot = slot();
    slot.load().toCompletableFuture().join();
    Generation next = loaded(slot);
    Generation old = slot.put(next);
    slot.retire(old);
    guests.getFirst().disposing.await();
    calls = old::submit;
    assertThat(call("get").join()).as("during the dispose").isEqualTo("2");
    guests.getFirst().disposed.complete(null);
    await(old::isClosed);
    assertThat(call("get").join()).as("after the end").isEqualTo("2");
  }

  @Test
  void cancelDuringAHandOver_isNotLost() throws Exception {
    dispatcher.start();
    Slot slot = slot();
    slot.load().toCompletableFuture().join();
    for (int round = 0; round < 300; round++) {
      Replying guest = guests.getLast();
      List<Long> handles = new CopyOnWriteArrayList<>();
      calls =
          call -> {
            handles.add(call.task());
            slot.call(call);
          };
      CompletableFuture<String> holding = call("hold"); // so that the others do not begin
      guest.holding.await();
      List<CompletableFuture<String>> waiting = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        waiting.add(call("wait"));
      }
      await(() -> handles.size() == 1 + WAITING);
      Generation next = loaded(slot);
      Thread switching = Thread.ofPlatform().start(() -> slot.retire(slot.put(next)));
      handles.stream().skip(1).forEach(handle -> slot.cancel(handle, CancelReason.TIMEOUT));
      switching.join();
      assertThat(waiting).allMatch(call -> call.join().equals("nil"));
      guest.held.countDown();
      assertThat(holding.join()).isEqualTo(Integer.toString(guest.number));
      guest.disposed.complete(null);
    }
  }

  /** The watch may tell of a change once more before it knows what is followed now. */
  @Test
  void changeThatIsToldTwice_isOneReload() throws Exception {
    dispatcher.start();
    Path module = folder.resolve("m");
    Snapshot first = new Snapshot();
    Status status = new Status(host, queue, first);
    Slots slots = new Slots(List.of(new Slot(recipe, services, status, first)));
    slots.load().toCompletableFuture().join();
    calls = slots::call;
    Reloader reloader = new Reloader(recipe, slots, services, status, first);
    reloader.onChange(first, List.of(module));
    await(() -> status.generation() == 2 && guests.size() == 3);
    Replying spare = guests.getLast(); // a third one is made already
    reloader.onChange(first, List.of(module));
    CountDownLatch free = new CountDownLatch(1);
    spare.environment().executor().execute(free::countDown);
    free.await();
    assertThat(spare.loads.get()).isZero();
    reloader.stop();
  }

  /** Of two contexts, one has the new code, and the other is about to get it. */
  @Test
  @SuppressWarnings("SynchronizeOnNonFinalField")
  void noCallGetsTheOldCode_afterOneThatGotTheNew() throws Exception {
    dispatcher.start();
    Slot one = slot();
    Slot two = slot();
    Slots slots = new Slots(List.of(one, two));
    slots.load().toCompletableFuture().join();
    List<Generation> next = List.of(loaded(one), loaded(two));
    List<Event.Call> posted = new CopyOnWriteArrayList<>();
    calls = posted::add;
    CompletableFuture<String> first = call("hold");
    CompletableFuture<String> second = call("get");
    await(() -> posted.size() == 2);
    Thread switching;
    Thread polling;
    synchronized (two) { // so that the switch stops between the two
      switching = Thread.ofPlatform().start(() -> slots.serve(next));
      await(() -> switching.getState() == Thread.State.BLOCKED);
      polling = Thread.ofPlatform().start(() -> posted.forEach(slots::call));
      await(
          () ->
              polling.getState() == Thread.State.BLOCKED
                  || polling.getState() == Thread.State.TERMINATED);
    }
    switching.join();
    polling.join();
    guests.forEach(guest -> guest.held.countDown());
    assertThat(first.join()).isIn("3", "4");
    assertThat(second.join()).isIn("3", "4");
  }
}
