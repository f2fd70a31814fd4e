package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.restypolyglot.guest.js.ErrnoException.check;

import java.lang.foreign.MemorySegment;

/**
 * An event fd: who waits for another descriptor waits for this one, too, and can be woken so.
 *
 * <p><b>Threads</b>: any; not {@link #signal} after {@link #close}. <b>Owns</b>: the descriptor.
 * <b>Failure</b>: {@link ErrnoException}.
 */
final class WakeFd implements AutoCloseable {
  static final short READABLE = 1;
  static final short WRITABLE = 4;

  private static final int NONE = -1;
  private static final int FOR_EVER = -1;
  private static final int ENTRY_BYTES = 8;
  private static final int EVENTS_OFFSET = 4;

  private final int fd;

  WakeFd(Scratch scratch) {
    fd = (int) check(Libc.EVENT_FD.call(scratch, 0, Libc.O_CLOSE_ON_EXEC));
  }

  /** Ends {@link #await}, now or when it begins. */
  void signal(Scratch scratch) {
    MemorySegment one = scratch.buffer(Long.BYTES);
    one.set(JAVA_LONG, 0, 1);
    Libc.WRITE.call(scratch, fd, one.address(), Long.BYTES);
  }

  /** Waits; returns whether {@code other} is ready for {@code events} or has an error. */
  boolean await(Scratch scratch, int other, short events) {
    return poll(scratch, other, events, fd, FOR_EVER);
  }

  /** As {@link #await}, without waiting. */
  static boolean isReady(Scratch scratch, int other, short events) {
    return poll(scratch, other, events, NONE, 0);
  }

  private static boolean poll(Scratch scratch, int fd, short events, int wakeFd, long millis) {
    MemorySegment entries = scratch.buffer(2 * ENTRY_BYTES);
    entries.set(JAVA_INT, 0, fd);
    entries.set(JAVA_INT, EVENTS_OFFSET, events); // and in the upper half, nothing has happened
    entries.set(JAVA_INT, ENTRY_BYTES, wakeFd); // NONE is ignored
    entries.set(JAVA_INT, ENTRY_BYTES + EVENTS_OFFSET, READABLE);
    check(Libc.POLL.call(scratch, entries.address(), 2, millis));
    return entries.get(JAVA_SHORT, EVENTS_OFFSET + Short.BYTES) != 0;
  }

  @Override
  public void close() {
    Libc.CLOSE.call(Scratch.ofThisThread(), fd);
  }
}
