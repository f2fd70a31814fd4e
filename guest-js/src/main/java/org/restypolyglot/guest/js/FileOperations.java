package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.Executor;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Runs the file operations of one context: at once on the guest thread, or, given a callback, on a
 * thread of {@link FilePool}, and tells the result in a turn of its own.
 *
 * <p><b>Threads</b>: {@link #perform} on the guest thread; {@link #interruptGuest} and {@link
 * #close} any. <b>Owns</b>: the context's open files. <b>Borrows</b>: the loop. <b>Failure</b>: a
 * negative errno is the result.
 */
final class FileOperations implements AutoCloseable {
  private static final int ENOMEM = 12;

  private final HostLoop loop;
  private final FileWaits waits = new FileWaits();
  private final OpenFiles files = new OpenFiles();

  FileOperations(HostLoop loop) {
    this.loop = loop;
    loop.own(this);
  }

  OpenFiles files() {
    return files;
  }

  HostLoop loop() {
    return loop;
  }

  /**
   * @param callback a function of the result, or null
   * @return the result, or 0 where it goes to the callback
   */
  Object perform(Value callback, FileCall.Operation operation) {
    if (callback.isNull()) {
      return performNow(operation);
    }
    start(FilePool.ORDINARY, callback, operation, null, false);
    return 0;
  }

  /** Runs it on the guest thread. */
  Object performNow(FileCall.Operation operation) {
    return run(operation, true, true);
  }

  /**
   * As the other one, with a file that is in use meanwhile.
   *
   * @param file one that was acquired; null: there is no such file
   */
  Object perform(Value callback, @Nullable OpenFile file, FileCall.Operation operation) {
    if (file == null) {
      if (callback.isNull()) {
        return -Libc.EBADF;
      }
      loop.enter(callback, -Libc.EBADF);
      return 0;
    }
    if (callback.isNull()) {
      try {
        return performNow(operation);
      } finally {
        file.release();
      }
    }
    start(FilePool.ORDINARY, callback, operation, file, false);
    return 0;
  }

  private void start(
      Executor pool,
      Value callback,
      FileCall.Operation operation,
      @Nullable OpenFile file,
      boolean mayWait) {
    pool.execute(
        () -> {
          Object result;
          try {
            result = run(operation, mayWait, false);
          } catch (FileCall.WouldWait later) {
            start(FilePool.WAITING, callback, operation, file, true);
            return;
          }
          if (file != null) {
            file.release();
          }
          loop.enter(callback, result);
        });
  }

  private Object run(FileCall.Operation operation, boolean mayWait, boolean onGuestThread) {
    FileCall call = new FileCall(Scratch.ofThisThread(), mayWait, onGuestThread, waits);
    try {
      return operation.run(call);
    } catch (ErrnoException failure) {
      return -failure.errno();
    } catch (OutOfMemoryError tooLarge) { // a huge buffer; what is left serves the rest
      return -ENOMEM;
    }
  }

  /** The bytes of a path: a text, or an ArrayBuffer of bytes that need not be text. */
  static byte[] path(Value path) {
    return path.isString() ? path.asString().getBytes(UTF_8) : bytes(path, 0, path.getBufferSize());
  }

  /** A copy of a part of an ArrayBuffer. */
  static byte[] bytes(Value buffer, long offset, long length) {
    byte[] bytes = new byte[Math.toIntExact(length)];
    if (length > 0) {
      buffer.readBuffer(offset, bytes, 0, bytes.length);
    }
    return bytes;
  }

  /** Ends what the guest thread waits for. */
  void interruptGuest() {
    waits.interruptGuest();
  }

  /** Ends all that waits, now and later, whatever the context does. */
  void endWaits() {
    waits.close();
  }

  /** Closes the files; operations that are under way fail, or are told to nobody. */
  @Override
  public void close() {
    waits.close();
    files.close();
  }
}
