package org.restypolyglot.guest.js;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that one context may use: those that it has opened, and the process's 0, 1 and 2,
 * which it may read and write. All others are nginx's or another context's, and are EBADF. To close
 * 0, 1 or 2 takes them from this context alone.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the descriptors, until they are closed or it is.
 * <b>Failure</b>: none.
 */
final class OpenFiles implements AutoCloseable {
  private static final int STANDARD_FILES = 3;

  private final Map<Integer, OpenFile> files = new ConcurrentHashMap<>();
  private volatile boolean closed;

  OpenFiles() {
    for (int fd = 0; fd < STANDARD_FILES; fd++) {
      files.put(fd, new OpenFile(fd, true, false));
    }
  }

  /** Takes a new descriptor, and closes it at once where the context has ended. */
  void add(OpenFile file) {
    files.put(file.fd(), file);
    if (closed && files.remove(file.fd(), file)) {
      file.close(Scratch.ofThisThread());
    }
  }

  /** The file, until {@link OpenFile#release}; null for what the context must not use. */
  @Nullable OpenFile acquire(int fd) {
    OpenFile file = files.get(fd);
    return file != null && file.acquire() ? file : null;
  }

  /** As {@link #acquire}, for what changes more than a standard file's content. */
  @Nullable OpenFile acquireOwn(int fd) {
    OpenFile file = acquire(fd);
    if (file != null && !file.isOwn()) {
      file.release();
      return null;
    }
    return file;
  }

  /** Takes the file out, for {@link OpenFile#close}; null for what is not in. */
  @Nullable OpenFile remove(int fd) {
    return files.remove(fd);
  }

  @Override
  public void close() {
    closed = true;
    Scratch scratch = Scratch.ofThisThread();
    for (OpenFile file : List.copyOf(files.values())) {
      if (files.remove(file.fd(), file)) {
        file.close(scratch);
      }
    }
  }
}
