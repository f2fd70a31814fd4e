package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A thread's memory outside of the heap for calls of {@link Libc}: errno, two paths, a buffer.
 *
 * <p><b>Threads</b>: one; {@link #ofThisThread} gives each its own. <b>Owns</b>: the memory, which
 * is freed some time after the thread has ended. A thread holds its scratch, so addresses of it are
 * good while the call lasts. <b>Failure</b>: a path that Linux would refuse is an {@link
 * ErrnoException}.
 */
final class Scratch {
  /** Linux's PATH_MAX, with the NUL. */
  static final int PATH_BYTES = 4096;

  /** The most that is read or written with one call. */
  static final int CHUNK_BYTES = 256 << 10;

  private static final int FIRST_BUFFER_BYTES = 16 << 10;

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
  private @Nullable MemorySegment firstPath;
  private @Nullable MemorySegment secondPath;
  private @Nullable MemorySegment buffer;

  private Scratch() {}

  static Scratch ofThisThread() {
    return OF_THREAD.get();
  }

  /** Where a call leaves its errno. */
  MemorySegment errno() {
    return errno;
  }

  /** The address of a path; it stays until the next first path. */
  long path(byte[] path) {
    MemorySegment segment = firstPath;
    if (segment == null) {
      segment = arena.allocate(PATH_BYTES);
      firstPath = segment;
    }
    return put(segment, path);
  }

  /** As {@link #path}, for functions that take two. */
  long otherPath(byte[] path) {
    MemorySegment segment = secondPath;
    if (segment == null) {
      segment = arena.allocate(PATH_BYTES);
      secondPath = segment;
    }
    return put(segment, path);
  }

  private static long put(MemorySegment segment, byte[] path) {
    if (path.length >= PATH_BYTES) {
      throw new ErrnoException(Libc.ENAMETOOLONG);
    }
    MemorySegment.copy(path, 0, segment, JAVA_BYTE, 0, path.length);
    segment.set(JAVA_BYTE, path.length, (byte) 0);
    return segment.address();
  }

  /**
   * Memory of at least {@code bytes}, at most {@link #CHUNK_BYTES}, until the next call of this.
   */
  MemorySegment buffer(long bytes) {
    MemorySegment segment = buffer;
    if (segment == null || segment.byteSize() < bytes) {
      segment =
          Arena.ofAuto().allocate(bytes <= FIRST_BUFFER_BYTES ? FIRST_BUFFER_BYTES : CHUNK_BYTES);
      buffer = segment;
    }
    return segment;
  }
}
