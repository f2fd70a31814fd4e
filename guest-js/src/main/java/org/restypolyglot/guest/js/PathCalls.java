package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.restypolyglot.guest.js.ErrnoException.check;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations on paths that are more than one call of {@link Libc}.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: {@link ErrnoException}.
 */
final class PathCalls {
  private static final byte[] PLACEHOLDER = "XXXXXX".getBytes(UTF_8);
  private static final int STATFS_FIELDS = 7;

  /** Linux's numbers for "now" and "leave it", which stand in the place of nanoseconds. */
  private static final long NOW = (1L << 30) - 1;

  private static final long OMIT = (1L << 30) - 2;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICRO = 1000;

  private PathCalls() {}

  /** All names of a folder, sorted; see {@link FileNames}. */
  static String list(Scratch scratch, byte[] path, boolean asBytes) {
    int fd = FolderEntry.open(scratch, path);
    try {
      List<FolderEntry> entries = new ArrayList<>();
      while (FolderEntry.read(scratch, fd, entries)) {
        // until there are no more
      }
      FolderEntry.sort(entries);
      return FileNames.text(entries, asBytes);
    } finally {
      Libc.CLOSE.call(scratch, fd);
    }
  }

  static String readLink(Scratch scratch, byte[] path, boolean asBytes) {
    MemorySegment target = scratch.buffer(Scratch.PATH_BYTES);
    long length =
        check(
            Libc.READ_LINK.call(scratch, scratch.path(path), target.address(), Scratch.PATH_BYTES));
    return FileNames.text(target, length, asBytes);
  }

  static String realPath(Scratch scratch, byte[] path, boolean asBytes) {
    MemorySegment real = scratch.buffer(Scratch.PATH_BYTES);
    check(Libc.REAL_PATH.call(scratch, scratch.path(path), real.address()));
    return FileNames.text(real, asBytes);
  }

  /** A new folder whose name begins with {@code prefix}. */
  static String makeTemporaryFolder(Scratch scratch, byte[] prefix, boolean asBytes) {
    int length = prefix.length + PLACEHOLDER.length;
    if (length >= Scratch.PATH_BYTES) {
      throw new ErrnoException(Libc.ENAMETOOLONG);
    }
    MemorySegment template = scratch.buffer(Scratch.PATH_BYTES);
    MemorySegment.copy(prefix, 0, template, JAVA_BYTE, 0, prefix.length);
    MemorySegment.copy(PLACEHOLDER, 0, template, JAVA_BYTE, prefix.length, PLACEHOLDER.length);
    template.set(JAVA_BYTE, length, (byte) 0);
    check(Libc.MAKE_TEMPORARY_FOLDER.call(scratch, template.address()));
    return FileNames.text(template, asBytes);
  }

  /** The file system's numbers in Node's order. */
  static Object statFileSystem(Scratch scratch, byte[] path, boolean asIntegers) {
    MemorySegment statfs = scratch.buffer(Scratch.PATH_BYTES);
    check(Libc.STAT_FILE_SYSTEM.call(scratch, scratch.path(path), statfs.address()));
    long[] values = new long[STATFS_FIELDS];
    for (int i = 0; i < values.length; i++) {
      values[i] = statfs.getAtIndex(JAVA_LONG, i);
    }
    return FileStatus.numbers(asIntegers, values);
  }

  /**
   * Makes a folder and those above it that are missing, as Node does.
   *
   * @return the first that it made; null: all were there
   */
  static byte @Nullable [] makeFolders(Scratch scratch, byte[] path, int mode) {
    byte[] first = null;
    Deque<byte[]> missing = new ArrayDeque<>(List.of(path));
    while (!missing.isEmpty()) {
      byte[] next = missing.pop();
      long result = Libc.MAKE_FOLDER.call(scratch, scratch.path(next), mode);
      switch ((int) -result) {
        case 0 -> first = first == null ? next : first;
        case Libc.EACCES, Libc.ENOSPC, Libc.ENOTDIR, Libc.EPERM -> check(result);
        case Libc.ENOENT -> {
          byte[] parent = parent(next);
          if (parent.length < next.length) {
            missing.push(next);
            missing.push(parent);
          } else if (missing.isEmpty()) {
            requireFolder(scratch, next, Libc.EEXIST, false);
          }
        }
        default -> requireFolder(scratch, next, (int) -result, !missing.isEmpty());
      }
    }
    return first;
  }

  private static void requireFolder(Scratch scratch, byte[] path, int errno, boolean isAbove) {
    if (FileStatus.of(scratch, path, true).type() != FileStatus.FOLDER) {
      boolean isInTheWay = errno == Libc.EEXIST && isAbove;
      throw new ErrnoException(isInTheWay ? Libc.ENOTDIR : Libc.EEXIST);
    }
  }

  /** What is before the last slash; the path itself where there is none. */
  private static byte[] parent(byte[] path) {
    for (int i = path.length - 1; i >= 0; i--) {
      if (path[i] == '/') {
        return Arrays.copyOf(path, i);
      }
    }
    return path;
  }

  /** The address of the two times, in seconds, for the thread's next call. */
  static long times(Scratch scratch, double accessed, double modified) {
    MemorySegment times = scratch.buffer(4L * Long.BYTES);
    putTime(times, 0, accessed);
    putTime(times, 2, modified);
    return times.address();
  }

  /** As libuv, down to microseconds; an infinite time is now, and NaN leaves it as it is. */
  private static void putTime(MemorySegment times, int index, double time) {
    long seconds = (long) time;
    long nanos = (long) ((time - seconds) * NANOS_PER_SECOND);
    nanos -= nanos % NANOS_PER_MICRO;
    if (Double.isInfinite(time)) {
      nanos = NOW;
    } else if (Double.isNaN(time)) {
      nanos = OMIT;
    } else if (nanos < 0) {
      nanos += (long) NANOS_PER_SECOND;
      seconds--;
    }
    times.setAtIndex(JAVA_LONG, index, seconds);
    times.setAtIndex(JAVA_LONG, index + 1, nanos);
  }
}
