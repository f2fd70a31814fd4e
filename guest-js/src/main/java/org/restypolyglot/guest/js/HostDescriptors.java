package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.restypolyglot.guest.js.ErrnoException.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Operations on descriptors for {@code internalBinding('fs')}; results as those of {@link
 * HostFiles}. Descriptors that the context has not opened are EBADF, see {@link OpenFiles}.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the context's file operations.
 * <b>Failure</b>: a negative errno is the result.
 */
public final class HostDescriptors {
  private final FileOperations operations;

  HostDescriptors(FileOperations operations) {
    this.operations = operations;
  }

  /** Closes it; operations that are under way end first. */
  @Export
  public Object close(int fd, Value callback) {
    OpenFile file = operations.files().remove(fd);
    return operations.perform(
        callback, call -> file == null ? -Libc.EBADF : (int) check(file.close(call.scratch())));
  }

  /**
   * Gives a buffer with the bytes, or 0 at the end.
   *
   * @param position where in the file; negative: where the descriptor is
   */
  @Export
  public Object read(int fd, double length, double position, Value callback) {
    OpenFile file = operations.files().acquire(fd);
    return operations.perform(
        callback, file, call -> using(file).read(call, (long) length, (long) position));
  }

  /** Writes a part of an ArrayBuffer, as it is now; gives how many bytes that were. */
  @Export
  public Object write(
      int fd, Value buffer, double offset, double length, double position, Value callback) {
    byte[] bytes = FileOperations.bytes(buffer, (long) offset, (long) length);
    OpenFile file = operations.files().acquire(fd);
    return operations.perform(
        callback, file, call -> using(file).write(call, bytes, (long) position));
  }

  /** Gives the text of all that is left, on the guest thread. */
  @Export
  public Object readText(int fd, Value callback) {
    OpenFile file = operations.files().acquire(fd);
    return operations.perform(callback, file, call -> readText(call, using(file)));
  }

  private static Object readText(FileCall call, OpenFile file) {
    long size = FileStatus.of(call.scratch(), file.fd()).size();
    long wanted = Math.clamp(size + 1, Scratch.PATH_BYTES, Integer.MAX_VALUE - Long.BYTES);
    ByteArrayOutputStream before = null;
    while (true) {
      Object part = file.read(call, wanted, OpenFile.CURRENT);
      if (part instanceof Integer end) {
        check(end);
        return before == null ? "" : before.toString(UTF_8);
      }
      ByteBuffer bytes = (ByteBuffer) part;
      int length = bytes.remaining();
      if (before == null && length == size) { // the usual case, without a copy
        return new String(bytes.array(), bytes.arrayOffset(), length, UTF_8);
      }
      before = before == null ? new ByteArrayOutputStream(length) : before;
      before.write(bytes.array(), bytes.arrayOffset(), length);
    }
  }

  /** Gives the fields of {@link FileStatus}. */
  @Export
  public Object stat(int fd, boolean asIntegers, Value callback) {
    OpenFile file = operations.files().acquire(fd);
    return operations.perform(
        callback, file, call -> FileStatus.of(call.scratch(), fd).fields(asIntegers));
  }

  @Export
  public Object sync(int fd, boolean onlyData, Value callback) {
    OpenFile file = operations.files().acquire(fd);
    LibcFunction function = onlyData ? Libc.SYNC_DATA : Libc.SYNC;
    return operations.perform(
        callback, file, call -> (int) check(function.call(call.scratch(), fd)));
  }

  @Export
  public Object truncate(int fd, double length, Value callback) {
    OpenFile file = operations.files().acquireOwn(fd);
    return operations.perform(
        callback, file, call -> (int) check(Libc.TRUNCATE.call(call.scratch(), fd, (long) length)));
  }

  @Export
  public Object changeMode(int fd, int mode, Value callback) {
    OpenFile file = operations.files().acquireOwn(fd);
    return operations.perform(
        callback, file, call -> (int) check(Libc.CHANGE_MODE_OF_FD.call(call.scratch(), fd, mode)));
  }

  @Export
  public Object changeOwner(int fd, double user, double group, Value callback) {
    OpenFile file = operations.files().acquireOwn(fd);
    return operations.perform(
        callback,
        file,
        call ->
            (int)
                check(Libc.CHANGE_OWNER_OF_FD.call(call.scratch(), fd, (long) user, (long) group)));
  }

  /** Times are seconds. */
  @Export
  public Object setTimes(int fd, double accessed, double modified, Value callback) {
    OpenFile file = operations.files().acquireOwn(fd);
    return operations.perform(
        callback,
        file,
        call ->
            (int)
                check(
                    Libc.SET_TIMES_OF_FD.call(
                        call.scratch(), fd, PathCalls.times(call.scratch(), accessed, modified))));
  }

  /**
   * Takes the descriptor from this context; it goes to another one, in a message.
   *
   * @return what {@link #receive} takes there; null: there is no such descriptor
   */
  @Export
  public @Nullable Object send(int fd) {
    return operations.files().remove(fd);
  }

  /** The descriptor of a file that another context has sent; it is this context's from now on. */
  @Export
  public int receive(Value sent) {
    OpenFile file = sent.asHostObject();
    operations.files().add(file);
    return file.fd();
  }

  private static OpenFile using(@Nullable OpenFile file) {
    if (file == null) {
      throw new ErrnoException(Libc.EBADF);
    }
    return file;
  }
}
