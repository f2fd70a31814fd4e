package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.ErrnoException.check;
import static org.restypolyglot.guest.js.FileOperations.path;

import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Operations on paths for {@code internalBinding('fs')}. A path is a text, or an ArrayBuffer of
 * bytes. Each method returns its result, or gives it to {@code callback} where that is not null;
 * see {@link FileOperations}.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the context's file operations.
 * <b>Failure</b>: a negative errno is the result.
 */
public final class HostFiles {
  private final FileOperations operations;

  HostFiles(FileOperations operations) {
    this.operations = operations;
  }

  /** What does the work of an operation that gives nothing, or a number. */
  @FunctionalInterface
  private interface Work {
    long run(Scratch scratch);
  }

  private Object perform(Value callback, Work work) {
    return operations.perform(callback, call -> (int) check(work.run(call.scratch())));
  }

  /** Gives the descriptor. */
  @Export
  public Object open(Value path, int flags, int mode, Value callback) {
    byte[] name = path(path);
    return operations.perform(callback, call -> open(call, name, flags, mode));
  }

  private Object open(FileCall call, byte[] path, int flags, int mode) {
    Scratch scratch = call.scratch();
    long all = flags | Libc.O_CLOSE_ON_EXEC;
    long fd =
        isWaitedFor(scratch, path, flags)
            ? call.waits().openFifo(call, path, all, mode)
            : Libc.OPEN.call(scratch, scratch.path(path), all, mode);
    check(fd);
    boolean waits =
        (flags & Libc.O_NON_BLOCKING) == 0 && !FileStatus.of(scratch, (int) fd).isFileOrFolder();
    operations.files().add(new OpenFile((int) fd, waits, true));
    return (int) fd;
  }

  /** Whether it is a FIFO that waits for its other end. */
  private static boolean isWaitedFor(Scratch scratch, byte[] path, int flags) {
    if ((flags & Libc.O_NON_BLOCKING) != 0 || (flags & Libc.O_ACCESS_MODE) == Libc.O_READ_WRITE) {
      return false;
    }
    try {
      return FileStatus.of(scratch, path, true).type() == FileStatus.FIFO;
    } catch (ErrnoException isNotThere) {
      return false;
    }
  }

  /**
   * Gives a part of a file's bytes, see {@link HostDescriptors#read}, if the file is as it was.
   *
   * @param size how many bytes it had
   * @param seconds when it was modified, with {@code nanos}
   */
  @Export
  public Object readUnchanged(
      Value path,
      double size,
      double seconds,
      double nanos,
      double position,
      double length,
      Value callback) {
    byte[] name = path(path);
    return operations.perform(
        callback,
        call -> {
          int fd = (int) check(openToRead(call.scratch(), name));
          OpenFile file = new OpenFile(fd, false, true);
          try {
            FileStatus now = FileStatus.of(call.scratch(), fd);
            return now.isAsBefore((long) size, (long) seconds, (long) nanos)
                ? file.read(call, (long) length, (long) position)
                : -Libc.EINVAL;
          } finally {
            file.close(call.scratch());
          }
        });
  }

  /** Without waiting: a FIFO that has come into the place of the file is none that was. */
  private static long openToRead(Scratch scratch, byte[] path) {
    long flags = Libc.O_CLOSE_ON_EXEC | Libc.O_NON_BLOCKING;
    return Libc.OPEN.call(scratch, scratch.path(path), flags, 0);
  }

  /** Gives the fields of {@link FileStatus}. */
  @Export
  public Object stat(Value path, boolean follow, boolean asIntegers, Value callback) {
    byte[] name = path(path);
    return operations.perform(
        callback, call -> FileStatus.of(call.scratch(), name, follow).fields(asIntegers));
  }

  /** Gives 0 for a file, 1 for a folder, at once. */
  @Export
  public Object kind(Value path) {
    byte[] name = path(path);
    return operations.performNow(
        call -> FileStatus.of(call.scratch(), name, true).type() == FileStatus.FOLDER ? 1 : 0);
  }

  @Export
  public Object statFileSystem(Value path, boolean asIntegers, Value callback) {
    byte[] name = path(path);
    return operations.perform(
        callback, call -> PathCalls.statFileSystem(call.scratch(), name, asIntegers));
  }

  @Export
  public Object access(Value path, int mode, Value callback) {
    byte[] name = path(path);
    return perform(callback, scratch -> Libc.ACCESS.call(scratch, scratch.path(name), mode));
  }

  @Export
  public Object changeMode(Value path, int mode, Value callback) {
    byte[] name = path(path);
    return perform(callback, scratch -> Libc.CHANGE_MODE.call(scratch, scratch.path(name), mode));
  }

  /**
   * @param user a number up to 2^32 - 1, as which -1 may come
   */
  @Export
  public Object changeOwner(Value path, double user, double group, boolean follow, Value callback) {
    byte[] name = path(path);
    LibcFunction function = follow ? Libc.CHANGE_OWNER : Libc.CHANGE_OWNER_OF_LINK;
    return perform(
        callback, scratch -> function.call(scratch, scratch.path(name), (long) user, (long) group));
  }

  /** Times are seconds. */
  @Export
  public Object setTimes(
      Value path, double accessed, double modified, boolean follow, Value callback) {
    byte[] name = path(path);
    long flags = follow ? 0 : Libc.AT_NO_FOLLOW;
    return perform(
        callback,
        scratch ->
            Libc.SET_TIMES.call(
                scratch,
                Libc.AT_CURRENT_FOLDER,
                scratch.path(name),
                PathCalls.times(scratch, accessed, modified),
                flags));
  }

  /** Gives 0, or the path of the first folder that was made. */
  @Export
  public Object makeFolder(Value path, int mode, boolean recursive, Value callback) {
    byte[] name = path(path);
    if (!recursive) {
      return perform(callback, scratch -> Libc.MAKE_FOLDER.call(scratch, scratch.path(name), mode));
    }
    return operations.perform(callback, call -> makeFolders(call.scratch(), name, mode));
  }

  private static Object makeFolders(Scratch scratch, byte[] path, int mode) {
    byte @Nullable [] first = PathCalls.makeFolders(scratch, path, mode);
    return first == null ? 0 : FileNames.text(first, false);
  }

  @Export
  public Object makeTemporaryFolder(Value prefix, boolean asBytes, Value callback) {
    byte[] name = path(prefix);
    return operations.perform(
        callback, call -> PathCalls.makeTemporaryFolder(call.scratch(), name, asBytes));
  }

  @Export
  public Object removeFolder(Value path, Value callback) {
    byte[] name = path(path);
    return perform(callback, scratch -> Libc.REMOVE_FOLDER.call(scratch, scratch.path(name)));
  }

  @Export
  public Object unlink(Value path, Value callback) {
    byte[] name = path(path);
    return perform(callback, scratch -> Libc.UNLINK.call(scratch, scratch.path(name)));
  }

  @Export
  public Object rename(Value from, Value to, Value callback) {
    return withTwoPaths(Libc.RENAME, from, to, callback);
  }

  @Export
  public Object link(Value existing, Value path, Value callback) {
    return withTwoPaths(Libc.LINK, existing, path, callback);
  }

  @Export
  public Object makeSymbolicLink(Value target, Value path, Value callback) {
    return withTwoPaths(Libc.MAKE_SYMBOLIC_LINK, target, path, callback);
  }

  private Object withTwoPaths(LibcFunction function, Value first, Value second, Value callback) {
    byte[] a = path(first);
    byte[] b = path(second);
    return perform(
        callback, scratch -> function.call(scratch, scratch.path(a), scratch.otherPath(b)));
  }

  @Export
  public Object copy(Value from, Value to, int flags, Value callback) {
    byte[] source = path(from);
    byte[] target = path(to);
    return operations.perform(
        callback,
        call -> {
          FileCopy.copy(call.scratch(), source, target, flags);
          return 0;
        });
  }

  @Export
  public Object readLink(Value path, boolean asBytes, Value callback) {
    byte[] name = path(path);
    return operations.perform(callback, call -> PathCalls.readLink(call.scratch(), name, asBytes));
  }

  @Export
  public Object realPath(Value path, boolean asBytes, Value callback) {
    byte[] name = path(path);
    return operations.perform(callback, call -> PathCalls.realPath(call.scratch(), name, asBytes));
  }

  /** Gives all names, see {@link FileNames}. */
  @Export
  public Object list(Value path, boolean asBytes, Value callback) {
    byte[] name = path(path);
    return operations.perform(callback, call -> PathCalls.list(call.scratch(), name, asBytes));
  }

  /** Gives a {@link HostFolder}. */
  @Export
  public Object openFolder(Value path, Value callback) {
    byte[] name = path(path);
    return operations.perform(
        callback,
        call -> {
          int fd = FolderEntry.open(call.scratch(), name);
          return new HostFolder(operations, new OpenFile(fd, false, true));
        });
  }
}
