package org.restypolyglot.guest.js;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file operations of one context that wait for another process: for the other end of a FIFO,
 * for a terminal. Who ends the context, or breaks off what runs in it, ends them, too: they fail
 * with EINTR.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: a descriptor for each operation that waits, while that
 * lasts. <b>Failure</b>: {@link ErrnoException}.
 */
final class FileWaits {
  private final Set<Wait> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Waits until {@code fd} is ready for {@code events}, or has an error. */
  void await(FileCall call, int fd, short events) {
    Scratch scratch = call.scratch();
    if (WakeFd.isReady(scratch, fd, events)) {
      return;
    }
    call.beforeWaiting();
    EventWait wait = new EventWait(call);
    try {
      enter(wait);
      if (!wait.wakeFd.await(scratch, fd, events)) {
        throw new ErrnoException(Libc.EINTR);
      }
    } finally {
      leave(wait);
    }
  }

  /**
   * Opens a FIFO, which waits until its other end is opened.
   *
   * @return the descriptor, or a negative errno
   */
  long openFifo(FileCall call, byte[] path, long flags, long mode) {
    call.beforeWaiting();
    Wait wait = new FifoWait(call, path);
    long fd = -Libc.EINTR;
    boolean undisturbed;
    try {
      enter(wait);
      fd = Libc.OPEN.call(call.scratch(), call.scratch().path(path), flags, mode);
    } finally {
      undisturbed = leave(wait);
    }
    if (!undisturbed && fd >= 0) {
      Libc.CLOSE.call(call.scratch(), fd);
      return -Libc.EINTR;
    }
    return fd;
  }

  private void enter(Wait wait) {
    waiting.add(wait);
    if (closed) {
      throw new ErrnoException(Libc.EINTR);
    }
  }

  /** Returns whether nobody has woken it. */
  private boolean leave(Wait wait) {
    waiting.remove(wait);
    return wait.end();
  }

  /** Wakes what the guest thread itself waits for. */
  void interruptGuest() {
    waiting.stream().filter(wait -> wait.onGuestThread).forEach(Wait::wake);
  }

  /** Wakes all, now and later. */
  void close() {
    closed = true;
    waiting.forEach(Wait::wake);
  }

  /** One operation that waits. Its descriptor is not closed while somebody wakes it. */
  private abstract static class Wait {
    final boolean onGuestThread;
    private boolean woken;
    private boolean ended;

    Wait(FileCall call) {
      onGuestThread = call.onGuestThread();
    }

    synchronized void wake() {
      if (!ended && !woken) {
        woken = true;
        wakeNow(Scratch.ofThisThread());
      }
    }

    synchronized boolean end() {
      ended = true;
      closeNow(Scratch.ofThisThread());
      return !woken;
    }

    abstract void wakeNow(Scratch scratch);

    abstract void closeNow(Scratch scratch);
  }

  /** One that polls a descriptor. */
  private static final class EventWait extends Wait {
    final WakeFd wakeFd;

    EventWait(FileCall call) {
      super(call);
      wakeFd = new WakeFd(call.scratch());
    }

    @Override
    void wakeNow(Scratch scratch) {
      wakeFd.signal(scratch);
    }

    @Override
    void closeNow(Scratch scratch) {
      wakeFd.close();
    }
  }

  /** Woken by somebody who opens both ends; he keeps them, as the operation may just begin. */
  private static final class FifoWait extends Wait {
    private final byte[] path;
    private long bothEnds = -1;

    FifoWait(FileCall call, byte[] path) {
      super(call);
      this.path = path;
    }

    @Override
    void wakeNow(Scratch scratch) {
      long flags = Libc.O_READ_WRITE | Libc.O_NON_BLOCKING | Libc.O_CLOSE_ON_EXEC;
      bothEnds = Libc.OPEN.call(scratch, scratch.path(path), flags, 0);
    }

    @Override
    void closeNow(Scratch scratch) {
      if (bothEnds >= 0) {
        Libc.CLOSE.call(scratch, bothEnds);
      }
    }
  }
}
