package org.restypolyglot.core.sources;

import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Notices that files have changed on disk, for all runtimes of a worker that ask for it.
 *
 * <pre>{@code
 * SourceWatch.Subscription subscription = watch.subscribe((old, changed) -> reload(), () -> {});
 * subscription.follow(snapshot);
 * }</pre>
 *
 * In this example {@code reload} is called once for a burst of changes to what the snapshot has
 * looked at, with the paths that differ.
 *
 * <p><b>Threads</b>: any; subscribers are called on the watch's own thread, and must not block.
 * <b>Owns</b>: two threads, and an inotify instance. <b>Failure</b>: none; what the system refuses
 * to watch is looked at once a second, and the log says so.
 */
public final class SourceWatch implements AutoCloseable {
  /*
   * Two ways to notice
   * ------------------
   * Events of the folders (inotify) are quick. But they do not tell of everything: not of a folder
   * that is moved with what is in it, another machine's writes to a network file system, a folder
   * for which the system has no more watches. So all that the snapshots have looked at is also
   * compared with the disk every CHECK; less often where that takes long, CHECK_FACTOR times as long
   * as it took.
   *
   * Neither is a change by itself. What was touched is compared with the snapshot when nothing has
   * happened for a while: QUIET, or QUIET_MANY where it is several files, as in a checkout, or an
   * empty one, as between the two steps of a write in place; but LONGEST after the first event at
   * the latest.
   */
  private static final Duration CHECK = Duration.ofSeconds(1);

  private static final int CHECK_FACTOR = 50;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long QUIET_MANY_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("resty-reload").factory());
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final FolderEvents events;
  private final Consumer<String> warn;

  // The thread's.
  private final Map<Subscription, Set<Path>> touched = new HashMap<>();
  private long firstTouchNanos;
  private long lastTouchNanos;
  private boolean namesAreOld; // of watched folders

  /**
   * Starts to watch, nothing yet.
   *
   * @param packageFolders names of folders below which packages are installed: many, and seldom
   *     changed
   * @param warn takes a line for the log
   */
  public SourceWatch(Set<String> packageFolders, Consumer<String> warn) {
    this.warn = warn;
    this.events = new FolderEvents(packageFolders, warn);
    Thread.ofPlatform().daemon().name("resty-reload-events").start(this::takeEvents);
    later(this::check, CHECK.toNanos());
  }

  /**
   * A subscription that follows nothing yet.
   *
   * @param onChange takes the snapshot that is followed, and the paths that are different from it;
   *     called again, about once a second, until the subscription follows one that has seen the
   *     change
   * @param onGrowth called when what is followed has looked at more than before, a second later at
   *     the latest
   */
  public Subscription subscribe(BiConsumer<Snapshot, List<Path>> onChange, Runnable onGrowth) {
    return new Subscription(onChange, onGrowth);
  }

  /** What one runtime wants to know. */
  public final class Subscription implements AutoCloseable {
    private final BiConsumer<Snapshot, List<Path>> onChange;
    private final Runnable onGrowth;

    // The thread's.
    private Snapshot snapshot = new Snapshot();
    private Interest interest = new Interest(Set.of());
    private int known = -1;

    private Subscription(BiConsumer<Snapshot, List<Path>> onChange, Runnable onGrowth) {
      this.onChange = onChange;
      this.onGrowth = onGrowth;
    }

    /** From now on this is what counts. What is different already is told, too. */
    public void follow(Snapshot next) {
      later(
          () -> {
            snapshot = next;
            known = -1;
            subscriptions.add(this);
            refresh();
            compare(this);
          },
          0);
    }

    private void look() {
      int learned = snapshot.learned();
      if (learned != known) {
        known = learned;
        onGrowth.run();
        interest = new Interest(snapshot.paths());
      }
    }

    private void tell(Set<Path> suspects) {
      List<Path> changed = snapshot.changes(suspects);
      if (!changed.isEmpty()) {
        onChange.accept(snapshot, changed);
      }
    }

    @Override
    public void close() {
      later(
          () -> {
            subscriptions.remove(this);
            touched.remove(this);
            refresh();
          },
          0);
    }
  }

  /** After close, nothing happens any more. */
  private void later(Runnable code, long nanos) {
    Runnable safely =
        () -> {
          try {
            code.run();
          } catch (RuntimeException | Error e) { // the next check looks again
            touched.clear();
            warn.accept("hot reload: " + e);
          }
        };
    try {
      ScheduledFuture<?> unused = thread.schedule(safely, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException afterClose) {
      // the worker ends
    }
  }

  /** Watches the folders of all that the snapshots have looked at by now. */
  private void refresh() {
    Set<Path> wanted = new LinkedHashSet<>();
    for (Subscription subscription : subscriptions) {
      subscription.look();
      wanted.addAll(subscription.interest.folders());
    }
    if (namesAreOld) {
      namesAreOld = false;
      events.forgetAll();
    }
    events.watch(wanted);
  }

  private void takeEvents() {
    for (WatchKey key = events.next(); key != null; key = events.next()) {
      WatchKey happened = key;
      try {
        later(() -> collect(happened), 0);
      } catch (OutOfMemoryError noMemory) {
        // the check finds it
      }
    }
  }

  private void collect(WatchKey key) {
    Set<Path> paths = events.pathsOf(key);
    for (Subscription subscription : subscriptions) {
      Set<Path> ours = new HashSet<>();
      if (paths == null) {
        ours.addAll(subscription.snapshot.paths());
      } else {
        for (Path path : paths) {
          ours.addAll(subscription.interest.pathsOf(path));
          if (subscription.interest.isOnTheWay(path)) {
            ours.add(path);
            wayChanged(subscription);
          }
        }
      }
      if (!ours.isEmpty()) {
        touch(subscription, ours);
      }
    }
  }

  /** A name that we watch may mean another folder by now. */
  private void wayChanged(Subscription subscription) {
    subscription.known = -1;
    namesAreOld = true;
  }

  private boolean compare(Subscription subscription) {
    List<Path> changed = subscription.snapshot.changes(Set.of());
    if (!changed.isEmpty()) {
      touch(subscription, Set.copyOf(changed));
    }
    return !changed.isEmpty();
  }

  private void touch(Subscription subscription, Set<Path> paths) {
    lastTouchNanos = System.nanoTime();
    if (touched.isEmpty()) {
      firstTouchNanos = lastTouchNanos;
      later(this::settle, QUIET_NANOS);
    }
    touched.computeIfAbsent(subscription, fresh -> new HashSet<>()).addAll(paths);
  }

  private void settle() {
    if (touched.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    boolean many = touched.values().stream().anyMatch(SourceWatch::needsPatience);
    long quietAt = lastTouchNanos + (many ? QUIET_MANY_NANOS : QUIET_NANOS);
    long left = Math.min(quietAt, firstTouchNanos + LONGEST_NANOS) - now;
    if (left > 0) {
      later(this::settle, left);
      return;
    }
    Map<Subscription, Set<Path>> suspects = Map.copyOf(touched);
    touched.clear();
    refresh();
    suspects.forEach(Subscription::tell);
  }

  /** Several files, a folder, or an empty file: the rest is about to be written. */
  private static boolean needsPatience(Set<Path> paths) {
    return paths.size() > 1
        || paths.stream()
            .map(Path::toFile)
            .anyMatch(file -> file.isDirectory() || file.length() == 0);
  }

  private void check() {
    long start = System.nanoTime();
    try {
      refresh();
      for (Subscription subscription : subscriptions) {
        if (compare(subscription)) {
          wayChanged(subscription);
        }
      }
    } finally {
      long took = System.nanoTime() - start;
      later(this::check, Math.max(CHECK.toNanos(), CHECK_FACTOR * took));
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    events.close();
  }
}
