package org.restypolyglot.core.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;

/**
 * One of the parallel contexts of a runtime: the generation that serves, and its successors.
 *
 * <p><b>Threads</b>: any; {@link #call} and {@link #cancel} in the order of the host. <b>Owns</b>:
 * its generations. <b>Failure</b>: a generation that does not load leaves the slot without one:
 * calls fail with the load's error, and each second one of them makes the slot try again.
 */
final class Slot {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Recipe recipe;
  private final Services services;
  private volatile Generation serving; // written under the lock
  private int number = 1; // under the lock
  private long startedNanos; // under the lock
  private boolean draining; // under the lock

  Slot(Recipe recipe, Services services) {
    this.recipe = recipe;
    this.services = services;
    this.serving = new Generation(recipe, services, this);
  }

  CompletionStage<Void> load() {
    return serving.load();
  }

  void call(Event.Call call) {
    Generation now = serving;
    if (now.hasFailed()) {
      retry(now);
      now = serving;
    }
    now.submit(call);
  }

  boolean cancel(long task, CancelReason reason) {
    return serving.cancel(task, reason);
  }

  int unanswered() {
    return serving.unanswered();
  }

  synchronized CompletionStage<Void> drain() {
    draining = true;
    return serving.drain();
  }

  private synchronized void retry(Generation failed) {
    if (serving == failed && !draining && System.nanoTime() - startedNanos > RETRY_NANOS) {
      startNext();
    }
  }

  /** Puts a new generation in the place of {@code old}, which is free to close itself. */
  void replace(Generation old, String reason) {
    if (startNextFor(old, reason)) {
      old.end(reason, heir());
    }
  }

  /** As {@link #replace}, for a generation whose guest thread is held in {@code piece}. */
  void replaceHeld(Generation old, long piece, String reason) {
    startNextFor(old, reason);
    old.abandon(piece, reason, heir());
  }

  private synchronized boolean startNextFor(Generation old, String reason) {
    if (serving != old) {
      return false;
    }
    if (draining) {
      recipe.log().error(reason + "; its context is closed");
      return true;
    }
    recipe.log().error(reason + "; its context is closed, generation " + (number + 1) + " starts");
    startNext();
    return true;
  }

  private void startNext() {
    number++;
    startedNanos = System.nanoTime();
    Generation next = new Generation(recipe, services, this);
    serving = next;
    int ordinal = number;
    next.load()
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                recipe.log().log(LogLevel.NOTICE, "generation " + ordinal + " serves");
              } else {
                GuestException known = Failures.ofGuest(failure);
                recipe.log().error("generation " + ordinal + " does not load: " + known.logText());
              }
            });
  }

  private synchronized Generation.@Nullable Heir heir() {
    return draining ? null : this::adopt;
  }

  private boolean adopt(Task task) {
    return serving.adopt(task);
  }
}
