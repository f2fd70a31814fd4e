package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What statx says about a file, as an array of numbers for JavaScript: 64-bit integers or doubles,
 * 18 of them, in the order of Node's.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link ErrnoException}.
 */
final class FileStatus {
  /** Linux's bits of a mode that are the type, and two types. */
  static final int TYPE_MASK = 0170000;

  static final int FOLDER = 0040000;
  static final int REGULAR = 0100000;
  static final int FIFO = 0010000;

  private static final int STATX_BYTES = 256;
  private static final int BASIC_AND_BIRTH = 0xfff;

  private static final int BLOCK_SIZE = 4;
  private static final int LINKS = 16;
  private static final int USER = 20;
  private static final int GROUP = 24;
  private static final int MODE = 28;
  private static final int INODE = 32;
  private static final int SIZE = 40;
  private static final int BLOCKS = 48;
  private static final int ACCESSED = 64;
  private static final int BORN = 80;
  private static final int CHANGED = 96;
  private static final int MODIFIED = 112;
  private static final int DEVICE_OF_SPECIAL = 128;
  private static final int DEVICE = 136;

  private final MemorySegment statx;

  private FileStatus(MemorySegment statx) {
    this.statx = statx;
  }

  /** Of a path; it is good until the thread's next call. */
  static FileStatus of(Scratch scratch, byte[] path, boolean follow) {
    long flags = follow ? 0 : Libc.AT_NO_FOLLOW;
    return of(scratch, Libc.AT_CURRENT_FOLDER, path, flags);
  }

  /** Of a descriptor; it is good until the thread's next call. */
  static FileStatus of(Scratch scratch, int fd) {
    return of(scratch, fd, new byte[0], Libc.AT_EMPTY_PATH);
  }

  private static FileStatus of(Scratch scratch, int fd, byte[] path, long flags) {
    MemorySegment statx = scratch.buffer(STATX_BYTES);
    ErrnoException.check(
        Libc.STAT.call(scratch, fd, scratch.path(path), flags, BASIC_AND_BIRTH, statx.address()));
    return new FileStatus(statx);
  }

  int mode() {
    return Short.toUnsignedInt(statx.get(JAVA_SHORT, MODE));
  }

  int type() {
    return mode() & TYPE_MASK;
  }

  /** Whether reading and writing never wait for another process. */
  boolean isFileOrFolder() {
    return type() == REGULAR || type() == FOLDER;
  }

  long size() {
    return statx.get(JAVA_LONG, SIZE);
  }

  boolean isSameFile(long device, long inode) {
    return device() == device && inode() == inode;
  }

  /** Whether it is a file with this size and time of modification. */
  boolean isAsBefore(long size, long seconds, long nanos) {
    return type() == REGULAR
        && size() == size
        && seconds(MODIFIED) == seconds
        && nanos(MODIFIED) == nanos;
  }

  long device() {
    return device(DEVICE);
  }

  long inode() {
    return statx.get(JAVA_LONG, INODE);
  }

  /** As glibc's makedev. */
  private long device(int offset) {
    long major = number(offset);
    long minor = number(offset + Integer.BYTES);
    return ((major & ~0xfffL) << 32)
        | ((major & 0xfff) << 8)
        | ((minor & ~0xffL) << 12)
        | (minor & 0xff);
  }

  private long number(int offset) {
    return Integer.toUnsignedLong(statx.get(JAVA_INT, offset));
  }

  private long seconds(int offset) {
    return statx.get(JAVA_LONG, offset);
  }

  private long nanos(int offset) {
    return number(offset + Long.BYTES);
  }

  /** All fields, as long integers or as doubles. */
  ByteBuffer fields(boolean asIntegers) {
    return numbers(
        asIntegers,
        device(),
        mode(),
        number(LINKS),
        number(USER),
        number(GROUP),
        device(DEVICE_OF_SPECIAL),
        number(BLOCK_SIZE),
        inode(),
        size(),
        statx.get(JAVA_LONG, BLOCKS),
        seconds(ACCESSED),
        nanos(ACCESSED),
        seconds(MODIFIED),
        nanos(MODIFIED),
        seconds(CHANGED),
        nanos(CHANGED),
        seconds(BORN),
        nanos(BORN));
  }

  /** Numbers as the memory of a BigInt64Array, or of a Float64Array. */
  static ByteBuffer numbers(boolean asIntegers, long... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long value : values) {
      if (asIntegers) {
        buffer.putLong(value);
      } else {
        buffer.putDouble((double) value);
      }
    }
    return buffer.flip();
  }
}
