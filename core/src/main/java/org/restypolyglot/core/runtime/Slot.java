package org.restypolyglot.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.sources.LoadSources;

/**
 * One of the parallel contexts of a runtime: the generation that serves, and those that it has
 * replaced.
 *
 * <p><b>Threads</b>: any; {@link #call} and {@link #cancel} in the order of the host. <b>Owns</b>:
 * its generations, and those that were replaced until they are disposed. <b>Failure</b>: a
 * generation that does not load leaves the slot without one: calls fail with the load's error, and
 * each second one of them makes the slot try again.
 */
final class Slot {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Recipe recipe;
  private final Services services;
  private final Status status;
  private final List<Generation> retired = new CopyOnWriteArrayList<>();
  private volatile Generation serving; // written under the lock
  private long startedNanos; // under the lock
  private boolean draining; // under the lock

  Slot(Recipe recipe, Services services, Status status, LoadSources sources) {
    this.recipe = recipe;
    this.services = services;
    this.status = status;
    this.serving = prepare(sources);
  }

  /** A generation that is not loaded, and does not serve yet. */
  Generation prepare(LoadSources from) {
    return new Generation(recipe, services, this, from);
  }

  CompletionStage<Void> load() {
    return serving.load();
  }

  boolean pollsItself() {
    return serving.pollsItself();
  }

  void call(Event.Call call) {
    Generation now = serving;
    if (now.hasFailed()) {
      retry(now);
      now = serving;
    }
    now.submit(call);
  }

  /** Under the lock, so that no task is on its way from one generation to another. */
  synchronized boolean cancel(long task, CancelReason reason) {
    return serving.cancel(task, reason)
        || retired.stream().anyMatch(old -> old.cancel(task, reason));
  }

  int unanswered() {
    return serving.unanswered();
  }

  synchronized CompletionStage<Void> drain() {
    draining = true;
    List<Generation> all = new ArrayList<>(retired);
    all.add(serving);
    return Stages.all(all, Generation::drain);
  }

  /** Puts a loaded generation in the place of the one that serves; that one is to be retired. */
  synchronized Generation put(Generation next) {
    Generation old = serving;
    retired.add(old);
    serving = next;
    return old;
  }

  /**
   * The generation that {@link #put} has replaced answers the calls that it has begun, and goes.
   */
  void retire(Generation old) {
    old.retire().whenComplete((nothing, failure) -> retired.remove(old));
  }

  private synchronized void retry(Generation failed) {
    if (serving == failed && !draining && System.nanoTime() - startedNanos > RETRY_NANOS) {
      startNext();
    }
  }

  /** Puts a new generation in the place of {@code old}, which is free to close itself. */
  void replace(Generation old, String reason) {
    startNextFor(old, reason);
    old.end(reason);
  }

  /** As {@link #replace}, for a generation whose guest thread is held in {@code piece}. */
  void replaceHeld(Generation old, long piece, String reason) {
    startNextFor(old, reason);
    old.abandon(piece, reason);
  }

  private synchronized void startNextFor(Generation old, String reason) {
    if (serving != old || draining) {
      recipe.log().error(reason + "; its context is closed");
    } else {
      int number = startNext();
      recipe.log().error(reason + "; its context is closed, generation " + number + " starts");
    }
  }

  /** From the same sources: a file that is broken by now is none of its business. */
  private int startNext() {
    startedNanos = System.nanoTime();
    Generation next = prepare(serving.sources());
    CompletionStage<Void> loaded = next.load(); // before a call can come to it
    serving = next;
    int ordinal = status.nextGeneration();
    status.publish();
    loaded.whenComplete(
        (nothing, failure) -> {
          if (failure == null) {
            recipe.log().log(LogLevel.NOTICE, "generation " + ordinal + " serves");
          } else {
            GuestException known = Failures.ofGuest(failure);
            recipe.log().error("generation " + ordinal + " does not load: " + known.logText());
          }
        });
    return ordinal;
  }

  /** Whether another generation serves, and takes what {@code old} has not begun. */
  boolean hasReplaced(Generation old) {
    return serving != old;
  }

  /** Gives a task to the generation that serves; false: that is its own one, or it has begun. */
  synchronized boolean handOver(Generation old, Task task) {
    if (serving == old || !serving.adopt(task)) {
      return false;
    }
    old.forget(task);
    return true;
  }
}
