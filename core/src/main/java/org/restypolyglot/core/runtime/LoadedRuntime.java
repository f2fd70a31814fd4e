package org.restypolyglot.core.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;

/**
 * One loaded spec: a task queue and the slots whose generations serve it.
 *
 * <p><b>Threads</b>: {@link #load} on any thread, once; {@link #call}, {@link #cancel} and {@link
 * #unload} on the poll thread. <b>Owns</b>: its slots. <b>Borrows</b>: the task queue, from the
 * host, until {@link Host#done}. <b>Failure</b>: only {@link #load} fails.
 */
final class LoadedRuntime {
  private final long taskQueue;
  private final Host host;
  private final List<Slot> slots;

  /**
   * Makes a runtime that is not loaded.
   *
   * @param slots one for each parallel context, at least one
   */
  LoadedRuntime(long taskQueue, Host host, List<Slot> slots) {
    this.taskQueue = taskQueue;
    this.host = host;
    this.slots = List.copyOf(slots);
  }

  /**
   * Loads all contexts at the same time. On a failure, those that did load are drained and closed.
   */
  CompletionStage<Void> load() {
    CompletionStage<Void> all = all(Slot::load);
    return all.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            discard();
          }
        });
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
    all(Slot::drain)
        .whenComplete(
            (nothing, failure) -> {
              drained.run();
              host.done(taskQueue);
            });
  }

  /** Drains and disposes a runtime that the host never got. */
  void discard() {
    all(Slot::drain);
  }

  private CompletionStage<Void> all(Function<Slot, CompletionStage<Void>> step) {
    return CompletableFuture.allOf(
        slots.stream()
            .map(slot -> step.apply(slot).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
