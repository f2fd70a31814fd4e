package org.restypolyglot.core.runtime;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.sources.LoadSources;
import org.restypolyglot.core.sources.Snapshot;

/**
 * One loaded spec: a task queue and the slots whose generations serve it.
 *
 * <p><b>Threads</b>: {@link #load} on any thread, once; {@link #call}, {@link #cancel} and {@link
 * #unload} on the poll thread. <b>Owns</b>: its slots. <b>Borrows</b>: the task queue, from the
 * host, until {@link Host#done}. <b>Failure</b>: only {@link #load} fails.
 */
final class LoadedRuntime {
  private final Recipe recipe;
  private final Services services;
  private final long taskQueue;
  private final LoadSources sources;
  private final Status status;
  private final List<Slot> slots;
  private volatile @Nullable Reloader reloader;

  /** Makes a runtime that is not loaded. */
  LoadedRuntime(Recipe recipe, Services services, long taskQueue) {
    this.recipe = recipe;
    this.services = services;
    this.taskQueue = taskQueue;
    this.sources = recipe.spec().hotReload() ? new Snapshot() : services.sources().newLoad();
    this.status = new Status(services.host(), taskQueue, sources);
    this.slots =
        Stream.generate(() -> new Slot(recipe, services, status, sources))
            .limit(recipe.options().contexts())
            .toList();
  }

  /**
   * Loads all contexts at the same time. On a failure, those that did load are drained and closed.
   */
  CompletionStage<Void> load() {
    return Stages.all(slots, Slot::load).whenComplete((nothing, failure) -> finishLoad(failure));
  }

  private void finishLoad(@Nullable Throwable failure) {
    if (failure != null) {
      discard();
      return;
    }
    status.publish();
    if (sources instanceof Snapshot snapshot) {
      try {
        reloader = new Reloader(recipe, slots, services, status, snapshot);
      } catch (RuntimeException | Error failed) {
        discard();
        throw failed;
      }
    }
  }

  /** Gives a task to the context that has the fewest. */
  void call(Event.Call call) {
    Slot least = slots.getFirst();
    for (Slot slot : slots) {
      if (slot.unanswered() < least.unanswered()) {
        least = slot;
      }
    }
    least.call(call);
  }

  void cancel(long task, CancelReason reason) {
    for (Slot slot : slots) {
      if (slot.cancel(task, reason)) {
        return;
      }
    }
  }

  /** Drains and disposes; then tells the host. The stage completes just before. */
  void unload(Runnable drained) {
    drain()
        .whenComplete(
            (nothing, failure) -> {
              drained.run();
              services.host().done(taskQueue);
            });
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
    return Stages.all(slots, Slot::drain);
  }
}
