package org.restypolyglot.core.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.sources.Snapshot;
import org.restypolyglot.core.sources.SourceWatch.Subscription;

/**
 * Hot reload of one runtime: when a file changes that it has read or looked for, makes the next
 * generation beside the one that serves, and lets it take over once it is loaded.
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the runtime's slots. <b>Failure</b>: a generation that
 * does not load leaves the one before in its place; the log has one line about it, and the next
 * change is the next try.
 */
final class Reloader {
  /*
   * One reload at a time. What changes while it runs is seen at its end, when the subscription
   * follows what the new generation has read: whatever is different from that by then is told at
   * once. After a failure it follows what the failed load has seen, and for all other files of the
   * generation that still serves what is there now, so that it is not tried again for nothing.
   */
  private static final int NAMED_FILES = 3;

  private final Recipe recipe;
  private final List<Slot> slots;
  private final Services services;
  private final Status status;
  private final Subscription subscription;

  // Under the lock.
  private Snapshot followed;
  private boolean reloading;
  private boolean stopped;

  /**
   * Starts to watch.
   *
   * @param loaded what the slots' first generations have been loaded from
   */
  Reloader(Recipe recipe, List<Slot> slots, Services services, Status status, Snapshot loaded) {
    this.recipe = recipe;
    this.slots = slots;
    this.services = services;
    this.status = status;
    this.followed = loaded;
    this.subscription = services.watch().get().subscribe(this::onChange, status::publish);
    subscription.follow(loaded);
  }

  private synchronized void onChange(List<Path> changed) {
    if (!reloading && !stopped) {
      reloading = true;
      reload(changed);
    }
  }

  private void reload(List<Path> changed) {
    long start = System.nanoTime();
    Snapshot fresh = new Snapshot();
    List<Generation> next = new ArrayList<>();
    slots.forEach(slot -> next.add(slot.prepare(fresh)));
    Stages.all(next, Generation::load)
        .whenCompleteAsync(
            (nothing, failure) -> finish(changed, fresh, next, failure, start), services.guards());
  }

  private synchronized void finish(
      List<Path> changed,
      Snapshot fresh,
      List<Generation> next,
      @Nullable Throwable failure,
      long start) {
    reloading = false;
    if (failure != null || stopped) {
      next.forEach(Generation::drain);
    }
    if (stopped) {
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (failure == null) {
      int number = status.nextGeneration();
      status.reloaded(fresh, changed, took); // first, so that who sees the new code sees this, too
      for (int i = 0; i < next.size(); i++) {
        slots.get(i).serve(next.get(i), fresh);
      }
      recipe.log().log(
          LogLevel.NOTICE,
          "generation %d serves, %d ms after a change of %s"
              .formatted(number, took.toMillis(), named(changed)));
      followed = fresh;
    } else {
      GuestException known = Failures.ofGuest(failure);
      status.reloadFailed(known.text(), changed, took);
      recipe
          .log()
          .error(
              "reload failed, generation %d keeps serving: %s"
                  .formatted(status.generation(), known.logText()));
      followed = followed.withNewer(fresh);
    }
    subscription.follow(followed);
  }

  private static String named(List<Path> changed) {
    String names =
        changed.stream().limit(NAMED_FILES).map(Path::toString).collect(Collectors.joining(", "));
    int more = changed.size() - NAMED_FILES;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  /** Starts no generation any more. */
  synchronized void stop() {
    stopped = true;
    subscription.close();
  }
}
