package org.restypolyglot.core.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.sources.Snapshot;
import org.restypolyglot.core.sources.SourceWatch.Subscription;

/**
 * Hot reload of one runtime: when a file changes that it has read or looked for, makes the next
 * generation beside the one that serves, and lets it take over once it is loaded.
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the runtime's contexts. <b>Failure</b>: a generation that
 * does not load leaves the one before in its place; the log has one line about it, and the next
 * change is the next try.
 */
final class Reloader {
  /*
   * One reload at a time. While a load runs, its own files are followed: what changes meanwhile is
   * seen when it has ended, or ends it, where it has run for STUCK already: an entry that never
   * settles must not keep the mended one from being loaded. After a failure all that the failed load
   * has seen is followed as it was seen, and all other files of the generation that still serves as
   * they are now, so that nothing is tried again in vain; and what that one reads later.
   *
   * The contexts of the next generation are made beforehand, each time the last ones are used up: a
   * reload then takes as long as the user's code does.
   */
  private static final int NAMED_FILES = 3;

  private static final String UNLOADED = "the runtime is unloaded";

  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Recipe recipe;
  private final Slots slots;
  private final Services services;
  private final Status status;
  private final Subscription subscription;

  /** Generations that are not loaded, one for each context, and what they will be loaded from. */
  private record Spare(List<Generation> generations, Snapshot sources) {}

  // Under the lock.
  private @Nullable Spare spare; // null: it is being loaded, or could not be made
  private @Nullable Spare loading;
  private long loadingSinceNanos;
  private boolean superseded; // what is being loaded has changed, and is given up
  private Snapshot followed;
  private boolean stopped;

  /**
   * Starts to watch.
   *
   * @param loaded what the first generations have been loaded from
   */
  Reloader(Recipe recipe, Slots slots, Services services, Status status, Snapshot loaded) {
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
    List<Generation> generations = slots.prepare(sources);
    generations.forEach(Generation::prepare);
    return new Spare(generations, sources);
  }

  /** The watch's thread: these files differ from what {@code old} has seen. */
  synchronized void onChange(Snapshot old, List<Path> changed) {
    if (stopped || old != followed) {
      return; // somebody has seen it
    }
    if (loading == null) {
      reload(changed); // where it throws it is tried again when it is told again
    } else if (System.nanoTime() - loadingSinceNanos > STUCK_NANOS
        && !recipe.options().debug().isOn()) { // it may stand at a breakpoint
      superseded = true;
      loading.generations().forEach(next -> next.giveUpLoad("its files have changed"));
    }
  }

  private void reload(List<Path> changed) {
    Spare next = spare == null ? newSpare() : spare;
    spare = null;
    Snapshot served = followed;
    CompletionStage<Void> loaded;
    try {
      loaded = Stages.all(next.generations(), Generation::load);
    } catch (RuntimeException | Error failed) { // memory is out
      next.generations().forEach(generation -> generation.end("the reload has not begun"));
      throw failed;
    }
    superseded = false;
    loading = next;
    loadingSinceNanos = System.nanoTime();
    loaded.whenComplete((nothing, failure) -> finishSurely(next, served, changed, failure));
    follow(next.sources());
  }

  /** On a thread of its own, as it reads the disk, also when memory is out. */
  private void finishSurely(
      Spare next, Snapshot served, List<Path> changed, @Nullable Throwable failure) {
    while (true) {
      try {
        services
            .guards()
            .execute(
                () -> finish(next, failure == null ? null : seen(served, next), changed, failure));
        return;
      } catch (OutOfMemoryError noMemory) {
        EndOfMemory.pause();
      }
    }
  }

  /** What to follow after a failure. It reads the disk. */
  private Snapshot seen(Snapshot served, Spare failed) {
    try {
      return served.withNewer(failed.sources());
    } catch (RuntimeException | Error noMemory) {
      recipe.log().error("hot reload: the files that are not broken are not followed: " + noMemory);
      return failed.sources();
    }
  }

  private void follow(Snapshot snapshot) {
    followed = snapshot;
    subscription.follow(snapshot);
  }

  /**
   * A load has ended.
   *
   * @param known what to follow after a failure
   */
  private synchronized void finish(
      Spare next, @Nullable Snapshot known, List<Path> changed, @Nullable Throwable failure) {
    loading = null;
    if (failure != null || stopped) {
      next.generations().forEach(Generation::drain);
    }
    if (stopped) {
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - loadingSinceNanos);
    try {
      if (failure == null) {
        switchTo(next, changed, took);
      } else if (!superseded) {
        stay(changed, took, Failures.ofGuest(failure));
      }
      spare = newSpare();
    } finally {
      follow(known == null ? next.sources() : known);
    }
  }

  /** The status comes first, so that who sees the new code sees it, too. */
  private void switchTo(Spare next, List<Path> changed, Duration took) {
    int number = status.nextGeneration();
    status.reloaded(next.sources(), changed, took);
    slots.serve(next.generations());
    String text =
        "generation %d serves, %d ms after a change of %s"
            .formatted(number, took.toMillis(), named(changed));
    recipe.log().log(LogLevel.NOTICE, text);
  }

  private void stay(List<Path> changed, Duration took, GuestException failure) {
    status.reloadFailed(failure.text(), changed, took);
    String text =
        "reload failed, generation %d keeps serving: %s"
            .formatted(status.generation(), failure.logText());
    recipe.log().error(text);
  }

  private static String named(List<Path> changed) {
    String names =
        changed.stream().limit(NAMED_FILES).map(Path::toString).collect(Collectors.joining(", "));
    int more = changed.size() - NAMED_FILES;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  /** Starts no generation any more; none that has not served yet is of use. */
  synchronized void stop() {
    stopped = true;
    subscription.close();
    if (loading != null) {
      loading.generations().forEach(next -> next.giveUpLoad(UNLOADED));
    }
    if (spare != null) {
      spare.generations().forEach(next -> next.end(UNLOADED));
    }
  }
}
