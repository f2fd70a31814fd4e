package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A descriptor that a guest may use. It is closed when the guest has closed it and no operation
 * uses it any more: so an operation never meets a descriptor of nginx's that got the same number.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the descriptor, but for those of the process (0 to 2).
 * <b>Failure</b>: {@link ErrnoException}, or a negative errno.
 */
final class OpenFile {
  /** PIPE_BUF: a pipe that is writable takes as much without waiting. */
  private static final int PIPE_BYTES = 4096;

  /** Where reading and writing go on from the descriptor's own place. */
  static final long CURRENT = -1;

  private final int fd;
  private final boolean waits;
  private final boolean isOwn;
  private int users;
  private boolean closed;

  /**
   * @param waits whether reading and writing may wait for another process
   * @param isOwn whether the guest has opened it
   */
  OpenFile(int fd, boolean waits, boolean isOwn) {
    this.fd = fd;
    this.waits = waits;
    this.isOwn = isOwn;
  }

  int fd() {
    return fd;
  }

  boolean isOwn() {
    return isOwn;
  }

  /** Returns whether it may be used, until {@link #release}. */
  synchronized boolean acquire() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  void release() {
    synchronized (this) {
      users--;
      if (!closed || users > 0) {
        return;
      }
    }
    closeDescriptor(Scratch.ofThisThread());
  }

  /** Closes it, now or when nobody uses it any more; a negative errno where that failed. */
  long close(Scratch scratch) {
    synchronized (this) {
      if (closed) {
        return -Libc.EBADF;
      }
      closed = true;
      if (users > 0) {
        return 0;
      }
    }
    return closeDescriptor(scratch);
  }

  /** As libuv, takes no notice of a signal: Linux has closed it then. */
  private long closeDescriptor(Scratch scratch) {
    if (!isOwn) {
      return 0;
    }
    long result = Libc.CLOSE.call(scratch, fd);
    return result == -Libc.EINTR ? 0 : result;
  }

  /**
   * Reads until {@code length} bytes are there or the file ends; what is no file is read once.
   *
   * @return the bytes, or a number: 0 at the end, or a negative errno
   */
  Object read(FileCall call, long length, long position) {
    if (waits) {
      call.waits().await(call, fd, WakeFd.READABLE);
    }
    MemorySegment buffer = call.scratch().buffer(Math.min(length, Scratch.CHUNK_BYTES));
    byte[] bytes = new byte[0];
    int total = 0;
    while (total < length) {
      int wanted = (int) Math.min(length - total, Scratch.CHUNK_BYTES);
      long count = readOnce(call.scratch(), buffer, wanted, position, total);
      if (count < 0 && total == 0) {
        return (int) count;
      }
      if (count <= 0) {
        break;
      }
      boolean isLast = count < wanted || waits || total + count == length;
      if (bytes.length < total + count) {
        bytes = Arrays.copyOf(bytes, isLast ? total + (int) count : (int) length);
      }
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, total, (int) count);
      total += (int) count;
      if (isLast) {
        break;
      }
    }
    return total == 0 ? 0 : ByteBuffer.wrap(bytes, 0, total).slice();
  }

  private long readOnce(
      Scratch scratch, MemorySegment buffer, int wanted, long position, int total) {
    return position < 0
        ? Libc.READ.call(scratch, fd, buffer.address(), wanted)
        : Libc.READ_AT.call(scratch, fd, buffer.address(), wanted, position + total);
  }

  /** Writes all; how many bytes that were is less than that only where the last part failed. */
  Object write(FileCall call, byte[] bytes, long position) {
    int most = waits ? PIPE_BYTES : Scratch.CHUNK_BYTES;
    MemorySegment buffer = call.scratch().buffer(Math.min(bytes.length, most));
    int total = 0;
    if (waits && bytes.length > most) {
      call.beforeWaiting(); // it may have to, between two parts
    }
    do {
      int wanted = Math.min(bytes.length - total, most);
      if (waits) {
        call.waits().await(call, fd, WakeFd.WRITABLE);
      }
      MemorySegment.copy(bytes, total, buffer, JAVA_BYTE, 0, wanted);
      long count =
          position < 0
              ? Libc.WRITE.call(call.scratch(), fd, buffer.address(), wanted)
              : Libc.WRITE_AT.call(call.scratch(), fd, buffer.address(), wanted, position + total);
      if (count < 0) {
        return total == 0 ? (int) count : total;
      }
      total += (int) count;
      if (count < wanted && !waits) {
        break;
      }
    } while (total < bytes.length);
    return total;
  }
}
