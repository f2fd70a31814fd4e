package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.SerialExecutor;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;

/**
 * One context of a runtime, from its load until it is closed, with the tasks that it has taken.
 *
 * <p><b>Threads</b>: {@link #load}, {@link #submit}, {@link #cancel} and {@link #drain} on any
 * thread, {@code submit} and {@code cancel} in the order of the host; the rest on the guest thread.
 * <b>Owns</b>: its executor and its guest. <b>Borrows</b>: the host. <b>Failure</b>: a handler's
 * goes to its task, a load's into its future, a dispose's to the log.
 */
final class Generation {
  /*
   *             load()              drain()               no task left           dispose is over
   *   NEW ----> LOADING ----> SERVING ----> DRAINING ---------------> DISPOSING -----> CLOSED
   *                |                                                                     ^
   *                +--- failed ----------------------------------------------------------+
   */
  private enum State {
    NEW,
    LOADING,
    SERVING,
    DRAINING,
    DISPOSING,
    CLOSED
  }

  /** A dispose that takes longer is not waited for any further. */
  private static final Duration DISPOSE_LIMIT = Duration.ofSeconds(10);

  private final GuestLanguage language;
  private final GuestEnvironment environment;
  private final SerialExecutor executor;
  private final Host host;
  private final Map<Long, Task> tasks = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final CompletableFuture<Void> disposed = new CompletableFuture<>();

  private volatile State state = State.NEW; // written by the guest thread
  private @Nullable Guest guest; // the guest thread's

  Generation(
      GuestLanguage language, GuestEnvironment environment, SerialExecutor executor, Host host) {
    this.language = language;
    this.environment = environment;
    this.executor = executor;
    this.host = host;
  }

  /** Makes the guest and loads it; fails with a {@link GuestException}. Called once. */
  CompletionStage<Void> load() {
    executor.execute(this::loadGuest);
    return loaded;
  }

  private void loadGuest() {
    become(State.LOADING);
    try {
      Guest fresh = language.newGuest(environment);
      guest = fresh;
      fresh.load().whenComplete((nothing, failure) -> executor.execute(() -> finishLoad(failure)));
    } catch (Throwable failure) { // an Error of the engine fails this load, not the worker
      finishLoad(failure);
    }
  }

  private void finishLoad(@Nullable Throwable failure) {
    if (failure == null) {
      become(State.SERVING);
      loaded.complete(null);
    } else {
      close();
      loaded.completeExceptionally(Failures.ofGuest(failure));
    }
  }

  /** How many tasks are not answered. */
  int unanswered() {
    return tasks.size();
  }

  /** Takes a task; it is answered, whatever the guest does. */
  void submit(Event.Call call) {
    Task task =
        new Task(call.task(), call.method(), call.request(), call.deadlineMillis(), this::answer);
    tasks.put(call.task(), task);
    executor.execute(() -> handle(task));
  }

  private void handle(Task task) {
    Guest target = guest;
    if (task.cancelReason() != null) {
      task.drop();
    } else if (target == null) {
      task.fail(GuestException.RC, environment.spec().name() + " is closed");
    } else {
      try {
        target.handle(task);
      } catch (Throwable failure) { // an Error, too, is the failure of this one call
        GuestException known = Failures.ofGuest(failure);
        environment.log().error(known.logText());
        task.fail(known.rc(), known.text());
      }
    }
  }

  /** Nobody waits for the task any more. Returns whether it is one of this generation's. */
  boolean cancel(long handle, CancelReason reason) {
    Task task = tasks.get(handle);
    if (task == null) {
      return false;
    }
    task.markCancelled(reason);
    executor.execute(() -> cancelStarted(task, reason));
    return true;
  }

  private void cancelStarted(Task task, CancelReason reason) {
    if (guest != null && !task.isAnswered()) {
      guest.cancel(task, reason);
    }
  }

  private void answer(Task task, int rc, byte @Nullable [] bytes, int offset, int length) {
    host.respond(task.handle(), rc, bytes, offset, length);
    tasks.remove(task.handle());
    if (state == State.DRAINING && tasks.isEmpty()) {
      executor.execute(this::disposeWhenDrained);
    }
  }

  /**
   * Takes no more tasks; when all are answered, lets the guest dispose, then closes it. The future
   * completes after the dispose, before the context closes, which may take long.
   */
  CompletionStage<Void> drain() {
    executor.execute(
        () -> {
          if (state == State.SERVING) {
            become(State.DRAINING);
            disposeWhenDrained();
          }
        });
    return disposed;
  }

  private void disposeWhenDrained() {
    if (state != State.DRAINING || !tasks.isEmpty() || guest == null) {
      return;
    }
    become(State.DISPOSING);
    executor.schedule(
        () -> finishDispose(new GuestException("dispose takes too long")), DISPOSE_LIMIT);
    CompletionStage<Void> stage;
    try {
      stage = guest.dispose();
    } catch (Throwable failure) {
      stage = CompletableFuture.failedFuture(failure);
    }
    stage.whenComplete((nothing, failure) -> executor.execute(() -> finishDispose(failure)));
  }

  private void finishDispose(@Nullable Throwable failure) {
    if (state != State.DISPOSING) {
      return;
    }
    if (failure != null) {
      environment.log().error("dispose failed: " + Failures.ofGuest(failure).logText());
    }
    disposed.complete(null);
    close();
  }

  private void close() {
    become(State.CLOSED);
    Guest closing = guest;
    guest = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } finally {
      executor.close();
    }
  }

  private void become(State next) {
    executor.requireGuestThread();
    state = next;
  }
}
