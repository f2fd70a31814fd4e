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
   *
   * The contexts of the next generation are made beforehand, each time the last ones are used up: a
   * reload then takes as long as the user's code does.
   */
  private static final int NAMED_FILES = 3;

  private final Recipe recipe;
  private final List<Slot> slots;
  private final Services services;
  private final Status status;
  private final Subscription subscription;

  /** Generations that are not loaded, one for each slot, and what they will be loaded from. */
  private record Spare(List<Generation> generations, Snapshot sources) {}

  // Under the lock.
  private Spare spare;
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
    this.spare = newSpare();
    this.subscription = services.watch().get().subscribe(this::onChange, status::publish);
    subscription.follow(loaded);
  }

  private Spare newSpare() {
    Snapshot sources = new Snapshot();
    List<Generation> generations = new ArrayList<>();
    slots.forEach(slot -> generations.add(slot.prepare(sources)));
    generations.forEach(Generation::prepare);
    return new Spare(generations, sources);
  }

  private synchronized void onChange(List<Path> changed) {
    if (!reloading && !stopped) {
      reloading = true;
      reload(changed);
    }
  }

  private void reload(List<Path> changed) {
    long start = System.nanoTime();
    Spare next = spare;
    Stages.all(next.generations(), Generation::load)
        .whenCompleteAsync(
            (nothing, failure) -> finish(next, changed, failure, start), services.guards());
  }

  private synchronized void finish(
      Spare next, List<Path> changed, @Nullable Throwable failure, long start) {
    reloading = false;
    if (failure != null || stopped) {
      next.generations().forEach(Generation::drain);
    }
    if (stopped) {
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (failure == null) {
      switchTo(next, changed, took);
    } else {
      stay(next, changed, took, Failures.ofGuest(failure));
    }
    spare = newSpare();
    subscription.follow(followed);
  }

  /** The status comes first, so that who sees the new code sees it, too. */
  private void switchTo(Spare next, List<Path> changed, Duration took) {
    int number = status.nextGeneration();
    status.reloaded(next.sources(), changed, took);
    for (int i = 0; i < slots.size(); i++) {
      slots.get(i).serve(next.generations().get(i), next.sources());
    }
    String text =
        "generation %d serves, %d ms after a change of %s"
            .formatted(number, took.toMillis(), named(changed));
    recipe.log().log(LogLevel.NOTICE, text);
    followed = next.sources();
  }

  private void stay(Spare failed, List<Path> changed, Duration took, GuestException failure) {
    status.reloadFailed(failure.text(), changed, took);
    String text =
        "reload failed, generation %d keeps serving: %s"
            .formatted(status.generation(), failure.logText());
    recipe.log().error(text);
    followed = followed.withNewer(failed.sources());
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
    if (!reloading) {
      spare.generations().forEach(generation -> generation.end("the runtime is unloaded", null));
    }
  }
}
