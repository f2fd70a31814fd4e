package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.ErrnoException.check;

import java.lang.foreign.MemorySegment;

/**
 * Copies one file as libuv's copyfile does: the content and the mode, with nothing left behind
 * where it fails.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: two descriptors, while it runs. <b>Failure</b>: {@link
 * ErrnoException}.
 */
final class FileCopy {
  private static final int EXCLUSIVE = 1;
  private static final int CLONE = 2;
  private static final int CLONE_OR_FAIL = 4;

  /** The ioctl that shares a file's blocks. */
  private static final long FICLONE = 0x40049409;

  private static final long MOST_AT_ONCE = 1 << 30;

  private FileCopy() {}

  /**
   * @param flags Node's COPYFILE_...
   */
  static void copy(Scratch scratch, byte[] from, byte[] to, int flags) {
    long source = check(Libc.OPEN.call(scratch, scratch.path(from), Libc.O_CLOSE_ON_EXEC, 0));
    try {
      FileStatus status = FileStatus.of(scratch, (int) source);
      long device = status.device();
      long inode = status.inode();
      long size = status.size();
      int mode = status.mode();
      long exclusive = (flags & EXCLUSIVE) != 0 ? Libc.O_EXCLUSIVE : 0;
      long target =
          check(
              Libc.OPEN.call(
                  scratch,
                  scratch.path(to),
                  Libc.O_WRITE_ONLY | Libc.O_CREATE | exclusive | Libc.O_CLOSE_ON_EXEC,
                  mode));
      try {
        if (exclusive == 0 && FileStatus.of(scratch, (int) target).isSameFile(device, inode)) {
          return;
        }
        check(Libc.TRUNCATE.call(scratch, target, 0));
        check(Libc.CHANGE_MODE_OF_FD.call(scratch, target, mode));
        if (!isCloned(scratch, source, target, flags)) {
          copyContent(scratch, source, target, size);
        }
      } catch (ErrnoException failure) {
        Libc.UNLINK.call(scratch, scratch.path(to));
        throw failure;
      } finally {
        Libc.CLOSE.call(scratch, target);
      }
    } finally {
      Libc.CLOSE.call(scratch, source);
    }
  }

  private static boolean isCloned(Scratch scratch, long source, long target, int flags) {
    if ((flags & (CLONE | CLONE_OR_FAIL)) == 0) {
      return false;
    }
    long result = Libc.CONTROL.call(scratch, target, FICLONE, source);
    if ((flags & CLONE_OR_FAIL) != 0) {
      check(result);
    }
    return result == 0;
  }

  private static void copyContent(Scratch scratch, long source, long target, long size) {
    long left = size;
    while (left > 0) {
      long count =
          Libc.COPY_RANGE.call(scratch, source, 0, target, 0, Math.min(left, MOST_AT_ONCE), 0);
      if (isUnableToCopyRanges(count)) {
        copyByHand(scratch, source, target);
        return;
      }
      if (check(count) == 0) {
        return; // it has become shorter
      }
      left -= count;
    }
  }

  /** Old kernels, and file systems of two kinds. */
  private static boolean isUnableToCopyRanges(long result) {
    return result == -Libc.ENOSYS
        || result == -Libc.EXDEV
        || result == -Libc.EINVAL
        || result == -Libc.EOPNOTSUPP
        || result == -Libc.EPERM;
  }

  private static void copyByHand(Scratch scratch, long source, long target) {
    MemorySegment buffer = scratch.buffer(Scratch.CHUNK_BYTES);
    while (true) {
      long count = check(Libc.READ.call(scratch, source, buffer.address(), Scratch.CHUNK_BYTES));
      if (count == 0) {
        return;
      }
      for (long written = 0; written < count; ) {
        written +=
            check(Libc.WRITE.call(scratch, target, buffer.address() + written, count - written));
      }
    }
  }
}
