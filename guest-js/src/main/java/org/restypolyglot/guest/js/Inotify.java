package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.restypolyglot.guest.js.ErrnoException.check;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Linux's inotify, one for the whole process: a user may have few of them. It exists, with its
 * thread, while there is something to watch.
 *
 * <p><b>Threads</b>: any; listeners are called on the thread of its own. <b>Owns</b>: the inotify
 * descriptor and the thread, until the last watch is closed. <b>Failure</b>: {@link
 * ErrnoException}.
 */
final class Inotify {
  /** What libuv watches for: changes, new names, names that go. */
  private static final int MASK =
      0x2 /* modified */
          | 0x4 /* attributes */
          | 0x40 /* moved from */
          | 0x80 /* moved to */
          | 0x100 /* created */
          | 0x200 /* deleted */
          | 0x400 /* deleted itself */
          | 0x800 /* moved itself */;

  private static final int CONTENT = 0x2 | 0x4;

  private static final int READ_BYTES = 16 << 10;
  private static final int MASK_OFFSET = 4;
  private static final int LENGTH_OFFSET = 12;
  private static final int NAME_OFFSET = 16;

  private static final Object LOCK = new Object();

  /** The inotify that runs, if one does. */
  private static @Nullable Inotify running;

  private final int fd;
  private final WakeFd wakeFd;

  /** By Linux's number of a watch: those who asked for the same file share it. */
  private final Map<Integer, List<Watch>> watches = new HashMap<>();

  private Inotify(Scratch scratch) {
    wakeFd = new WakeFd(scratch);
    fd = (int) Libc.INOTIFY.call(scratch, Libc.O_CLOSE_ON_EXEC);
    if (fd < 0) {
      wakeFd.close();
      check(fd);
    }
  }

  /** Is told what happens. */
  @FunctionalInterface
  interface Listener {
    /**
     * @param isContent whether content or attributes have changed, else it is about names
     * @param name what has changed in a folder; null: the watched file or folder itself
     */
    void changed(boolean isContent, byte @Nullable [] name);
  }

  /** One file or folder that is watched. */
  static final class Watch implements AutoCloseable {
    private final Inotify inotify;
    private final int number;
    private final Listener listener;

    private Watch(Inotify inotify, int number, Listener listener) {
      this.inotify = inotify;
      this.number = number;
      this.listener = listener;
    }

    /** No listener is called after this, but for one that is being called now. */
    @Override
    public void close() {
      inotify.remove(this);
    }
  }

  /** Watches a file or folder. */
  static Watch watch(byte[] path, Listener listener) {
    Scratch scratch = Scratch.ofThisThread();
    synchronized (LOCK) {
      Inotify inotify = running;
      if (inotify == null) {
        inotify = new Inotify(scratch);
        running = inotify;
        inotify.start();
      }
      try {
        return inotify.add(scratch, path, listener);
      } finally {
        inotify.endIfUnused(scratch);
      }
    }
  }

  private void start() {
    Thread.ofPlatform().name("resty-polyglot fs.watch").daemon().start(this::run);
  }

  private Watch add(Scratch scratch, byte[] path, Listener listener) {
    int number = (int) check(Libc.ADD_WATCH.call(scratch, fd, scratch.path(path), MASK));
    Watch watch = new Watch(this, number, listener);
    watches.computeIfAbsent(number, key -> new ArrayList<>()).add(watch);
    return watch;
  }

  private void remove(Watch watch) {
    synchronized (LOCK) {
      List<Watch> same = watches.get(watch.number);
      if (same == null || !same.remove(watch)) {
        return;
      }
      Scratch scratch = Scratch.ofThisThread();
      if (same.isEmpty()) {
        watches.remove(watch.number);
        Libc.REMOVE_WATCH.call(scratch, fd, watch.number); // fails where the file is gone
      }
      endIfUnused(scratch);
    }
  }

  /** The thread ends, and closes what there is; who watches next makes another one. */
  private void endIfUnused(Scratch scratch) {
    if (watches.isEmpty() && running == this) {
      running = null;
      wakeFd.signal(scratch);
    }
  }

  private boolean isOver() {
    synchronized (LOCK) {
      return running != this;
    }
  }

  private void run() {
    Scratch scratch = Scratch.ofThisThread();
    MemorySegment buffer = scratch.buffer(READ_BYTES);
    while (!isOver()) {
      if (wakeFd.await(scratch, fd, WakeFd.READABLE)) {
        long length = Libc.READ.call(scratch, fd, buffer.address(), READ_BYTES);
        for (long at = 0; at < length; ) {
          at += NAME_OFFSET + tell(buffer.asSlice(at));
        }
      }
    }
    Libc.CLOSE.call(scratch, fd);
    wakeFd.close();
  }

  /** Tells one event; returns how long its name is. */
  private int tell(MemorySegment event) {
    int mask = event.get(JAVA_INT, MASK_OFFSET);
    int length = event.get(JAVA_INT, LENGTH_OFFSET);
    byte[] name = length == 0 ? null : name(event);
    for (Watch watch : watchesOf(event.get(JAVA_INT, 0))) {
      watch.listener.changed((mask & ~CONTENT) == 0, name);
    }
    return length;
  }

  private List<Watch> watchesOf(int number) {
    synchronized (LOCK) {
      return List.copyOf(watches.getOrDefault(number, List.of()));
    }
  }

  private static byte[] name(MemorySegment event) {
    long end = NAME_OFFSET;
    while (event.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return event.asSlice(NAME_OFFSET, end - NAME_OFFSET).toArray(JAVA_BYTE);
  }
}
