package org.restypolyglot.guest.js;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Watches files and folders for {@code internalBinding('fs_event_wrap')}.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the loop, which owns the watches.
 * <b>Failure</b>: a negative errno is the result.
 */
public final class HostWatches {
  private static final String RENAME = "rename/";
  private static final String CHANGE = "change/";

  /** As many as Linux itself keeps for one inotify; the others are lost. */
  private static final int MOST_EVENTS = 16384;

  private final HostLoop loop;

  HostWatches(HostLoop loop) {
    this.loop = loop;
  }

  /**
   * Watches until what it gives is closed.
   *
   * @param asBytes how names become text, see {@link FileNames}
   * @param callback a function without arguments, called once for each event, which {@link
   *     Events#next} gives
   * @return {@link Events}, or a negative errno
   */
  @Export
  public Object watch(Value path, boolean asBytes, Value callback) {
    byte[] name = FileOperations.path(path);
    Events events = new Events(loop, callback, asBytes, lastName(name));
    try {
      events.start(name);
    } catch (ErrnoException failure) {
      return -failure.errno();
    }
    return events;
  }

  /** What is after the last slash, as libuv tells it for events of the watched file itself. */
  private static byte[] lastName(byte[] path) {
    int start = 0;
    for (int i = 0; i < path.length; i++) {
      start = path[i] == '/' ? i + 1 : start;
    }
    return Arrays.copyOfRange(path, start, path.length);
  }

  /**
   * The events of one watch, in order.
   *
   * <p><b>Threads</b>: the guest thread; events come on inotify's. <b>Owns</b>: the watch.
   */
  public static final class Events implements AutoCloseable {
    private final HostLoop loop;
    private final Value callback;
    private final boolean asBytes;
    private final byte[] ownName;
    private final Queue<String> events = new ArrayDeque<>();
    private Inotify.@Nullable Watch watch;

    private Events(HostLoop loop, Value callback, boolean asBytes, byte[] ownName) {
      this.loop = loop;
      this.callback = callback;
      this.asBytes = asBytes;
      this.ownName = ownName;
    }

    private synchronized void start(byte[] path) {
      watch = Inotify.watch(path, this::changed);
      loop.own(this);
    }

    private void changed(boolean isContent, byte @Nullable [] name) {
      String text = FileNames.text(name == null ? ownName : name, asBytes);
      synchronized (events) {
        if (events.size() >= MOST_EVENTS) {
          return;
        }
        events.add((isContent ? CHANGE : RENAME) + text);
      }
      loop.enter(callback);
    }

    /** The event's type, a slash, and the name. */
    @Export
    public String next() {
      synchronized (events) {
        return events.remove();
      }
    }

    /** No more events. */
    @Export
    @Override
    public synchronized void close() {
      if (watch != null) {
        loop.release(this);
        watch.close();
        watch = null;
      }
    }
  }
}
