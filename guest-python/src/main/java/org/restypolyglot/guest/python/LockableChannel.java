package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that can be locked as other programs lock it: by {@code flock(2)}, and by records. Java
 * has locks of records only, and its channels tell nobody their descriptors, so each file that is
 * locked has a second one.
 *
 * <p><b>Threads</b>: as {@link PlainChannel}; the locks any. <b>Owns</b>: the channel and its
 * locks, until it is closed. <b>Failure</b>: of the locks, numbers of {@code errno}.
 */
final class LockableChannel extends PlainChannel {
  private static final int EBADF = 9;

  // Of Linux, the same on all its machines but those of SPARC, Alpha, MIPS and PA-RISC.
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_OFD_SETLK = 37;

  /*
   * struct flock of 64-bit machines: short type and whence; then, after 4 bytes of padding, start
   * and len as long, and pid as int, which has to be 0.
   */
  private static final long START = 8;
  private static final long LENGTH = 16;
  private static final long SIZE = 32;

  /** Linked at the first use. */
  private static final class Linked {
    static final Libc.Function OPEN = Libc.variadic("open", 2, ADDRESS, JAVA_INT);
    static final Libc.Function CLOSE = Libc.function("close", JAVA_INT);
    static final Libc.Function FLOCK = Libc.function("flock", JAVA_INT, JAVA_INT);
    static final Libc.Function FCNTL = Libc.variadic("fcntl", 2, JAVA_INT, JAVA_INT, ADDRESS);
  }

  private final Path path;
  private final int flags;
  private int descriptor = -1;

  /**
   * Takes over a channel.
   *
   * @param path of the file, absolute
   * @param options what it was opened with
   */
  LockableChannel(SeekableByteChannel file, Path path, Set<? extends OpenOption> options) {
    super(file);
    this.path = path;
    this.flags = flags(options) | O_CLOEXEC;
  }

  private static int flags(Set<? extends OpenOption> options) {
    if (!options.contains(StandardOpenOption.WRITE)
        && !options.contains(StandardOpenOption.APPEND)) {
      return O_RDONLY;
    }
    return options.contains(StandardOpenOption.READ) ? O_RDWR : O_WRONLY;
  }

  /**
   * {@code flock(2)}.
   *
   * @param operation without LOCK_NB it waits in C, where nothing interrupts it
   * @return 0 or an errno
   */
  synchronized int flock(int operation) {
    int failure = open();
    return failure != 0 ? failure : errno(Linked.FLOCK.call(descriptor, operation));
  }

  /**
   * Locks bytes of the file, for as long as it is open here; never waits.
   *
   * @param type F_RDLCK, F_WRLCK or F_UNLCK
   * @param length 0: up to its end, wherever that will be
   * @return 0 or an errno
   */
  synchronized int lockRecord(short type, long start, long length) {
    int failure = open();
    if (failure != 0) {
      return failure;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(SIZE, Long.BYTES);
      lock.set(JAVA_SHORT, 0, type);
      lock.set(JAVA_LONG, START, start);
      lock.set(JAVA_LONG, LENGTH, length);
      return errno(Linked.FCNTL.call(descriptor, F_OFD_SETLK, lock));
    }
  }

  /** Opens the second descriptor; 0 or an errno. */
  private int open() {
    if (!isOpen()) {
      return EBADF;
    }
    if (descriptor < 0) {
      try (Arena arena = Arena.ofConfined()) {
        long opened = Linked.OPEN.call(arena.allocateFrom(path.toString()), flags);
        descriptor = (int) opened;
        return errno(opened);
      }
    }
    return 0;
  }

  private static int errno(long result) {
    return (int) Math.max(0, -result);
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      unlock();
    }
  }

  private synchronized void unlock() {
    if (descriptor >= 0) {
      Linked.CLOSE.call(descriptor);
      descriptor = -1;
    }
  }
}
