package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.sources.LoadSources;
import org.restypolyglot.core.sources.Snapshot;

/**
 * One loaded spec: a task queue and the contexts whose generations serve it.
 *
 * <p><b>Threads</b>: {@link #load} on any thread, once; {@link #call}, {@link #cancel} and {@link
 * #unload} on the poll thread. <b>Owns</b>: its contexts. <b>Borrows</b>: the task queue, from the
 * host, until {@link Host#done}. <b>Failure</b>: only {@link #load} fails.
 */
final class LoadedRuntime {
  private final Recipe recipe;
  private final Services services;
  private final long taskQueue;
  private final LoadSources sources;
  private final Status status;
  private final Slots slots;
  private volatile @Nullable Reloader reloader;
  private volatile boolean pollsItself;

  /** Makes a runtime that is not loaded. */
  LoadedRuntime(Recipe recipe, Services services, long taskQueue) {
    this.recipe = recipe;
    this.services = services;
    this.taskQueue = taskQueue;
    this.sources = recipe.spec().hotReload() ? new Snapshot() : services.sources().newLoad();
    this.status = new Status(services.host(), taskQueue, sources);
    this.slots =
        new Slots(
            Stream.generate(() -> new Slot(recipe, services, status, sources))
                .limit(recipe.options().contexts())
                .toList());
  }

  /**
   * Loads all contexts at the same time. On a failure, those that did load are drained and closed.
   */
  CompletionStage<Void> load() {
    return slots.load().whenComplete((nothing, failure) -> finishLoad(failure));
  }

  private void finishLoad(@Nullable Throwable failure) {
    if (failure != null) {
      discard();
      return;
    }
    long polling = slots.countPolling();
    if (polling > 0 && polling < recipe.options().contexts()) {
      discard();
      throw new CompletionException(
          new GuestException(
              "%d of %d contexts poll for their tasks themselves: all have to, or none"
                  .formatted(polling, recipe.options().contexts())));
    }
    pollsItself = polling > 0;
    status.publish();
    if (pollsItself) {
      tellThatChangesWait();
    } else if (sources instanceof Snapshot snapshot) {
      try {
        reloader = new Reloader(recipe, slots, services, status, snapshot);
      } catch (RuntimeException | Error failed) {
        discard();
        throw failed;
      }
    }
  }

  /** A queue cannot move from who polls it to somebody else. */
  private void tellThatChangesWait() {
    if (recipe.spec().hotReload()) {
      recipe.log().log(
          LogLevel.NOTICE,
          "polls for its tasks itself: what changes on disk is loaded by the next load_ffi"
              + " after __unload()");
    }
  }

  /** Whether the guest polls the task queue itself, so that the host must not get it. */
  boolean pollsItself() {
    return pollsItself;
  }

  /**
   * Serves a guest that polls itself: until the host ends the queue, and what was polled is
   * answered or takes too long for anybody to wait.
   */
  void serveItself() {
    PolledQueue tasks = recipe.tasks();
    tasks.start();
    tasks.whenEnded().thenRun(this::limitAnswers);
    tasks.whenDrained().thenRun(() -> unload(() -> {}));
  }

  private void limitAnswers() {
    PolledQueue tasks = recipe.tasks();
    Duration limit = recipe.options().drainTimeout();
    if (tasks.unanswered() > 0 && !limit.isZero()) {
      services.dispatcher().schedule(tasks::giveUp, limit);
    }
  }

  void call(Event.Call call) {
    slots.call(call);
  }

  void cancel(long task, CancelReason reason) {
    slots.cancel(task, reason);
  }

  /** Drains and disposes; then tells the host. The stage completes just before. */
  void unload(Runnable drained) {
    Runnable tell =
        () -> {
          drained.run();
          services.host().done(taskQueue);
        };
    drain().whenComplete((nothing, failure) -> EndOfMemory.outlast(tell));
  }

  /** Drains and disposes a runtime that the host never got. */
  void discard() {
    drain();
  }

  private CompletionStage<Void> drain() {
    Reloader active = reloader;
    if (active != null) {
      active.stop();
    }
    return slots.drain();
  }
}
