package org.restypolyglot.core.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;

/**
 * One loaded spec: a task queue and the generations that serve it.
 *
 * <p><b>Threads</b>: {@link #load} on any thread, once; {@link #call}, {@link #cancel} and {@link
 * #unload} on the poll thread. <b>Owns</b>: its generations. <b>Borrows</b>: the task queue, from
 * the host, until {@link Host#done}. <b>Failure</b>: only {@link #load} fails.
 */
final class LoadedRuntime {
  private final long taskQueue;
  private final Host host;
  private final List<Generation> generations;

  /**
   * Makes a runtime that is not loaded.
   *
   * @param generations one for each parallel context, at least one
   */
  LoadedRuntime(long taskQueue, Host host, List<Generation> generations) {
    this.taskQueue = taskQueue;
    this.host = host;
    this.generations = List.copyOf(generations);
  }

  /**
   * Loads all contexts at the same time. On a failure, those that did load are drained and closed.
   */
  CompletionStage<Void> load() {
    CompletionStage<Void> all = all(Generation::load);
    return all.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            all(Generation::drain);
          }
        });
  }

  /** Gives a task to the context that has the fewest. */
  void call(Event.Call call) {
    Generation least = generations.getFirst();
    for (Generation generation : generations) {
      if (generation.unanswered() < least.unanswered()) {
        least = generation;
      }
    }
    least.submit(call);
  }

  void cancel(long task, CancelReason reason) {
    for (Generation generation : generations) {
      if (generation.cancel(task, reason)) {
        return;
      }
    }
  }

  /** Drains and disposes; then tells the host. */
  void unload() {
    all(Generation::drain).whenComplete((nothing, failure) -> host.done(taskQueue));
  }

  private CompletionStage<Void> all(Function<Generation, CompletionStage<Void>> step) {
    return CompletableFuture.allOf(
        generations.stream()
            .map(generation -> step.apply(generation).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
