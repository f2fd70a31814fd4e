package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.dispatch.SerialExecutor;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestExecutor.Scheduled;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.sources.LoadSources;

/**
 * One context of a runtime, from its load until it is closed, with the tasks that it has taken.
 *
 * <p><b>Threads</b>: {@link #load}, {@link #submit}, {@link #adopt}, {@link #cancel}, {@link
 * #drain} and {@link #end} on any; {@code submit} and {@code cancel} in the order of the host; the
 * rest on the guest thread. <b>Owns</b>: its executor and its guest. <b>Borrows</b>: the services.
 * <b>Failure</b>: a handler's goes to its task, a load's into its future, a dispose's to the log.
 */
final class Generation {
  /*
   *             load()              drain()               no task left           dispose is over
   *   NEW ----> LOADING ----> SERVING ----> DRAINING ---------------> DISPOSING -----> CLOSED
   *                |             |              |                        |               ^
   *                +-------------+--------------+--- failed, or end() ---+---------------+
   *
   * end() comes from outside, maybe while the guest thread is lost in a loop. So it settles all tasks
   * at once, whoever answers them; only the step to CLOSED is left to the guest thread, when it
   * comes back (see RunawayGuard).
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
  static final Duration DISPOSE_LIMIT = Duration.ofSeconds(10);

  private final Recipe recipe;
  private final Services services;
  private final Slot slot;
  private final SerialExecutor executor;
  private final GuestEnvironment environment;
  private final LoadSources sources;
  private final TaskTable tasks;
  private final RunawayGuard guard;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final CompletableFuture<Void> disposed = new CompletableFuture<>();
  private final Deque<Task> waiting = new ArrayDeque<>(); // for the load; the guest thread's

  private volatile State state = State.NEW; // written by the guest thread
  private volatile @Nullable Guest guest; // written by the guest thread
  private volatile @Nullable Task running; // written by the guest thread
  private volatile @Nullable String ending; // why no task is handled here any more
  private volatile boolean closing; // by end() or abandon()
  private volatile boolean drainAsked;
  private volatile boolean pollsItself; // written before `loaded` completes
  private final Runnable drainStep; // made while there is memory, as the next two
  private final Runnable endStep = this::endNow;
  private final Runnable closeStep = this::close;
  private @Nullable Scheduled limit; // of the load, then of the dispose; the guest thread's

  /**
   * Makes a generation that is not loaded.
   *
   * @param slot where it serves, and where its heir will: the generation that takes the tasks that
   *     it has not begun
   * @param sources what it is loaded from
   */
  Generation(Recipe recipe, Services services, Slot slot, LoadSources sources) {
    this.recipe = recipe;
    this.services = services;
    this.slot = slot;
    this.executor = newExecutor();
    this.sources = sources;
    this.environment =
        new GuestEnvironment(
            recipe.spec(),
            recipe.options(),
            executor,
            sources,
            recipe.log(),
            recipe.tasks(),
            this::damaged);
    this.tasks = new TaskTable(services.host(), services.dispatcher(), this::onLastAnswer);
    this.guard = new RunawayGuard(this, slot, executor, services, recipe);
    Runnable drain = this::startToDrain;
    this.drainStep = () -> EndOfMemory.outlast(drain);
  }

  private SerialExecutor newExecutor() {
    SerialExecutor.Failures failures =
        failure -> recipe.log().error(Failures.ofGuest(failure).logText());
    return recipe.language().threading() == Threading.HOME_THREAD
        ? services.dispatcher().newHomeExecutor(recipe.spec().name(), failures)
        : services.dispatcher().newExecutor(failures);
  }

  /**
   * Makes the guest, so that a later {@link #load} takes less time. Reads nothing of the user's.
   */
  void prepare() {
    executor.execute(
        () -> {
          if (state == State.NEW) {
            try {
              guest = recipe.language().newGuest(environment);
            } catch (Throwable failure) {
              // load() tries again, and tells
            }
          }
        });
  }

  /** Makes the guest and loads it; fails with a {@link GuestException}. Called once. */
  CompletionStage<Void> load() {
    executor.execute(this::loadGuest);
    return loaded;
  }

  private void loadGuest() {
    become(State.LOADING);
    try {
      Guest fresh = guest == null ? recipe.language().newGuest(environment) : guest;
      guest = fresh;
      limitTo(recipe.options().loadTimeout(), State.LOADING, this::loadTakesTooLong);
      fresh.load().whenComplete((nothing, failure) -> goOn(this::finishLoad, failure));
    } catch (Throwable failure) { // an Error of the engine fails this load, not the worker
      goOn(this::finishLoad, failure);
    }
  }

  private void finishLoad(@Nullable Throwable failure) {
    if (state == State.LOADING) { // else it has ended meanwhile
      endLimit();
      if (failure == null) {
        sources.keep();
        pollsItself = guest != null && guest.pollsItself();
        become(State.SERVING);
      } else {
        GuestException known = Failures.ofGuest(failure);
        loaded.completeExceptionally(known);
        settleAll("load failed: " + known.text());
        close();
      }
    }
    if (state == State.SERVING) {
      loaded.complete(null);
      for (Task task = waiting.poll(); task != null; task = waiting.poll()) {
        handle(task);
      }
      if (drainAsked) {
        executor.executeSurely(drainStep);
      }
    }
  }

  /** Takes a step of this life on the guest thread, also when memory is out. */
  private void goOn(Consumer<@Nullable Throwable> step, @Nullable Throwable failure) {
    while (true) {
      try {
        Runnable inside = () -> step.accept(failure);
        executor.execute(() -> EndOfMemory.outlast(inside));
        return;
      } catch (OutOfMemoryError noMemory) {
        EndOfMemory.pause();
      }
    }
  }

  private void loadTakesTooLong() {
    String text =
        "%s takes longer than %s: it has not returned, or what it returned has not settled"
            .formatted(recipe.spec().entry(), Durations.text(recipe.options().loadTimeout()));
    giveUpLoad(text);
  }

  /** Fails the load, unless it has ended by now. */
  void giveUpLoad(String reason) {
    String text = "load failed: " + reason; // made while the load has not failed yet
    if (loaded.completeExceptionally(new GuestException(reason))) {
      end(text);
    }
  }

  /** What it is loaded from. */
  LoadSources sources() {
    return sources;
  }

  /** Whether it was loaded in vain. */
  boolean hasFailed() {
    return loaded.isCompletedExceptionally();
  }

  /** Whether its guest, which has loaded, polls the task queue itself. */
  boolean pollsItself() {
    return pollsItself;
  }

  /** How many tasks are not answered. */
  int unanswered() {
    return tasks.size();
  }

  /** Takes a task; it is answered, whatever the guest does. */
  void submit(Event.Call call) {
    enqueue(tasks.take(call));
  }

  /** Takes a task that another generation has not begun; returns false if that is too late. */
  boolean adopt(Task other) {
    Task task = tasks.adopt(other);
    if (task == null) {
      return false;
    }
    enqueue(task);
    return true;
  }

  private void enqueue(Task task) {
    try {
      executor.execute(() -> handle(task));
    } catch (OutOfMemoryError noMemory) {
      task.failForMemory();
    }
    String known = ending; // read after the task is in the table, as settleAll() writes, then reads
    if (known != null) {
      settle(task, known);
    }
  }

  private void handle(Task task) {
    Guest target = guest;
    String known = ending;
    if (known != null) {
      settle(task, known); // it was on its way while the generation ended
    } else if (state == State.NEW || state == State.LOADING) {
      awaitLoad(task);
    } else if (task.cancelReason() != null) {
      task.drop();
    } else if (target != null) {
      running = task;
      try {
        if (task.begin()) {
          target.handle(task);
        }
      } catch (Throwable failure) { // an Error, too, is the failure of this one call
        fail(task, failure);
      } finally {
        running = null;
      }
    }
  }

  private void awaitLoad(Task task) {
    try {
      waiting.add(task);
    } catch (OutOfMemoryError noMemory) {
      task.failForMemory();
    }
  }

  /** Logs first, so that who sees the reply finds the stack. */
  private void fail(Task task, Throwable failure) {
    try {
      GuestException known = Failures.ofGuest(failure);
      try {
        environment.log().error(known.logText());
      } finally {
        task.fail(known.rc(), known.text());
      }
    } catch (OutOfMemoryError | LinkageError noMemory) { // the first failure of all links code
      task.failForMemory();
    } catch (Throwable untold) { // an engine's, when it is asked for its text
      task.fail(
          GuestException.RC, "failed, and why cannot be told: " + untold.getClass().getName());
    }
  }

  /** Nobody waits for the task any more. Returns whether it is one of this generation's. */
  boolean cancel(long handle, CancelReason reason) {
    Task task = tasks.cancel(handle, reason);
    if (task == null) {
      return false;
    }
    executor.execute(() -> cancelRunning(task, reason));
    guard.suspect();
    return true;
  }

  private void cancelRunning(Task task, CancelReason reason) {
    Guest target = guest;
    if (target != null && task.isRunning()) {
      target.cancel(task, reason);
    }
  }

  /** The guest's other tasks may have lost what would have gone on with them. */
  private void damaged(String reason) {
    executor.execute( // later, so that the task that runs now gets its own error
        () -> {
          if (tasks.all().stream().anyMatch(Task::isRunning)) {
            slot.replace(this, reason);
          }
        });
  }

  private void onLastAnswer() {
    if (state == State.DRAINING) {
      executor.executeSurely(drainStep);
    }
  }

  /**
   * Takes no more tasks; when all are answered, lets the guest dispose, then closes it. The future
   * completes after the dispose, before the context closes, which may take long.
   */
  CompletionStage<Void> drain() {
    drainAsked = true;
    executor.executeSurely(drainStep);
    return disposed;
  }

  /**
   * As {@link #drain}, where a reload has put another generation in its place: that one takes the
   * tasks that have not begun; the others are waited for no longer than the drain time-out.
   */
  CompletionStage<Void> retire() {
    tasks.all().forEach(this::handOver);
    Scheduled limit = limit(recipe.options().drainTimeout(), this::drainTakesTooLong);
    return drain().whenComplete((nothing, failure) -> limit.cancel());
  }

  /** Returns whether the heir has taken the task. */
  private boolean handOver(Task task) {
    try {
      return slot.handOver(this, task);
    } catch (OutOfMemoryError noMemory) {
      return false;
    }
  }

  /** Another generation has taken the task. */
  void forget(Task task) {
    tasks.forget(task);
  }

  private void startToDrain() {
    if (state == State.SERVING) {
      become(State.DRAINING);
    }
    if (state == State.DRAINING) {
      disposeWhenDrained();
    }
  }

  private void drainTakesTooLong() {
    if (state == State.DISPOSING) {
      return; // it has a limit of its own
    }
    String text =
        "not answered within %s after a reload has replaced its generation"
            .formatted(Durations.text(recipe.options().drainTimeout()));
    if (tasks.size() > 0) {
      recipe.log().error("%d calls were %s".formatted(tasks.size(), text));
    }
    end(text);
  }

  private void disposeWhenDrained() {
    Guest target = guest;
    if (tasks.size() > 0 || target == null) {
      return;
    }
    endLimit();
    limitTo(disposeLimit(), State.DISPOSING, this::disposeTakesTooLong);
    if (slot.hasReplaced(this)) { // a call may be on its way to this one still
      settleAll("the runtime is reloaded");
    }
    become(State.DISPOSING);
    CompletionStage<Void> stage;
    try {
      stage = target.dispose();
    } catch (Throwable failure) {
      stage = CompletableFuture.failedFuture(failure);
    }
    stage.whenComplete((nothing, failure) -> goOn(this::finishDispose, failure));
  }

  private void finishDispose(@Nullable Throwable failure) {
    if (state != State.DISPOSING) {
      return;
    }
    if (failure != null) {
      recipe.log().error("dispose failed: " + Failures.ofGuest(failure).logText());
    }
    settleAll("the runtime is unloaded");
    disposed.complete(null);
    close();
  }

  private Duration disposeLimit() {
    return recipe.options().debug().isOn() ? Duration.ZERO : DISPOSE_LIMIT;
  }

  private void disposeTakesTooLong() {
    recipe.log().error("dispose takes longer than " + Durations.text(DISPOSE_LIMIT));
    end("the runtime is unloaded");
  }

  /**
   * Calls {@code tooLong}, on a guard thread, if the state is still the same after {@code time}.
   */
  private void limitTo(Duration time, State same, Runnable tooLong) {
    limit =
        limit(
            time,
            () -> {
              if (state == same) {
                tooLong.run();
              }
            });
  }

  /** Calls {@code tooLong}, on a guard thread, after {@code time}, unless the end has come. */
  private Scheduled limit(Duration time, Runnable tooLong) {
    if (time.isZero()) {
      return () -> {};
    }
    Runnable check =
        () -> {
          if (!closing) {
            tooLong.run();
          }
        };
    Runnable start = () -> services.guards().execute(() -> EndOfMemory.outlast(check));
    return services.dispatcher().schedule(() -> EndOfMemory.outlast(start), time);
  }

  private void endLimit() {
    if (limit != null) {
      limit.cancel();
      limit = null;
    }
  }

  /**
   * Ends this generation without a dispose, whatever its guest does: tasks that have not begun go
   * to the heir, if there is one, all others fail with {@code reason}, now; the context closes when
   * the guest thread is free, or is broken off.
   */
  void end(String reason) {
    closing = true;
    ending = reason;
    EndOfMemory.outlast(endStep);
  }

  private void endNow() {
    settleAll(Objects.requireNonNull(ending));
    disposed.complete(null);
    executor.executeSurely(closeStep);
    guard.insist();
  }

  /** As {@link #end}, for a generation whose guest thread is held in {@code piece}. */
  void abandon(long piece, String reason) {
    Runnable abandon =
        () -> {
          settleAll(reason);
          disposed.complete(null);
          executor.abandon(piece, closeStep);
        };
    closing = true;
    EndOfMemory.outlast(abandon);
  }

  private void settleAll(String reason) {
    ending = reason;
    tasks.all().forEach(task -> settle(task, reason));
  }

  private void settle(Task task, String reason) {
    if (!handOver(task)) {
      task.fail(GuestException.RC, reason);
    }
  }

  private void close() {
    if (state == State.CLOSED) {
      return;
    }
    become(State.CLOSED);
    endLimit();
    Guest closing = guest;
    guest = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } finally {
      disposed.complete(null);
      executor.close();
    }
  }

  private void become(State next) {
    executor.requireGuestThread();
    state = next;
  }

  // ---- for the guard, any thread ---------------------------------------------------------------

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether handlers may run, so that it is their deadlines that count. */
  boolean isServing() {
    return state == State.SERVING || state == State.DRAINING;
  }

  @Nullable Guest guest() {
    return guest;
  }

  /** The task whose handler the guest thread is in now; null: in something else. */
  @Nullable Task running() {
    return running;
  }

  TaskTable tasks() {
    return tasks;
  }
}
