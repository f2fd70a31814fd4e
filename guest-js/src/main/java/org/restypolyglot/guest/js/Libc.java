package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;

/**
 * The functions of libc that node:fs stands on: Node's flags, descriptors and error numbers are
 * Linux's own, and {@code java.nio} hides them.
 *
 * <p>Arguments and results are longs: numbers, or addresses of memory that the caller keeps (a
 * {@link Scratch}'s). A function that fails gives its negative errno, and one that a signal has
 * interrupted is called again. Each is linked when it is first called.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: method handles, until the process ends. <b>Failure</b>: a
 * libc without one of the functions is an {@link UnsatisfiedLinkError} of the first call.
 */
final class Libc {
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EPERM = 1;
  static final int ENAMETOOLONG = 36;
  static final int ENOSYS = 38;
  static final int EOPNOTSUPP = 95;

  static final int AT_CURRENT_FOLDER = -100;
  static final int AT_NO_FOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_WRITE_ONLY = 1;
  static final int O_READ_WRITE = 2;
  static final int O_ACCESS_MODE = 3;
  static final int O_CREATE = 0100;
  static final int O_EXCLUSIVE = 0200;
  static final int O_NON_BLOCKING = 04000;
  static final int O_CLOSE_ON_EXEC = 02000000;

  private static final MemoryLayout[] PATH = {ADDRESS};
  private static final MemoryLayout[] TWO_PATHS = {ADDRESS, ADDRESS};
  private static final MemoryLayout[] PATH_INT = {ADDRESS, JAVA_INT};
  private static final MemoryLayout[] PATH_INT_INT = {ADDRESS, JAVA_INT, JAVA_INT};
  private static final MemoryLayout[] INT = {JAVA_INT};
  private static final MemoryLayout[] TWO_INTS = {JAVA_INT, JAVA_INT};
  private static final MemoryLayout[] TRANSFER = {JAVA_INT, ADDRESS, JAVA_LONG};
  private static final MemoryLayout[] TRANSFER_AT = {JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG};

  static final LibcFunction OPEN = variadic("open", 2, ADDRESS, JAVA_INT, JAVA_INT);
  static final LibcFunction CLOSE = new LibcFunction("close", JAVA_INT, -1, false, INT);
  static final LibcFunction READ = counting("read", TRANSFER);
  static final LibcFunction WRITE = counting("write", TRANSFER);
  static final LibcFunction READ_AT = counting("pread", TRANSFER_AT);
  static final LibcFunction WRITE_AT = counting("pwrite", TRANSFER_AT);
  static final LibcFunction TRUNCATE = function("ftruncate", JAVA_INT, JAVA_LONG);
  static final LibcFunction SYNC = function("fsync", INT);
  static final LibcFunction SYNC_DATA = function("fdatasync", INT);
  static final LibcFunction CHANGE_MODE_OF_FD = function("fchmod", TWO_INTS);
  static final LibcFunction CHANGE_OWNER_OF_FD = function("fchown", JAVA_INT, JAVA_INT, JAVA_INT);
  static final LibcFunction STAT =
      function("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final LibcFunction STAT_FILE_SYSTEM = function("statfs", TWO_PATHS);
  static final LibcFunction SET_TIMES = function("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  static final LibcFunction SET_TIMES_OF_FD = function("futimens", JAVA_INT, ADDRESS);
  static final LibcFunction ACCESS = function("access", PATH_INT);
  static final LibcFunction CHANGE_MODE = function("chmod", PATH_INT);
  static final LibcFunction CHANGE_OWNER = function("chown", PATH_INT_INT);
  static final LibcFunction CHANGE_OWNER_OF_LINK = function("lchown", PATH_INT_INT);
  static final LibcFunction MAKE_FOLDER = function("mkdir", PATH_INT);
  static final LibcFunction MAKE_TEMPORARY_FOLDER = pointing("mkdtemp", PATH);
  static final LibcFunction REMOVE_FOLDER = function("rmdir", PATH);
  static final LibcFunction UNLINK = function("unlink", PATH);
  static final LibcFunction RENAME = function("rename", TWO_PATHS);
  static final LibcFunction LINK = function("link", TWO_PATHS);
  static final LibcFunction MAKE_SYMBOLIC_LINK = function("symlink", TWO_PATHS);
  static final LibcFunction READ_LINK = counting("readlink", ADDRESS, ADDRESS, JAVA_LONG);
  static final LibcFunction REAL_PATH = pointing("realpath", TWO_PATHS);
  static final LibcFunction READ_FOLDER = counting("getdents64", TRANSFER);
  static final LibcFunction COPY_RANGE =
      counting("copy_file_range", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  static final LibcFunction CONTROL = variadic("ioctl", 2, JAVA_INT, JAVA_LONG, JAVA_INT);
  static final LibcFunction POLL = function("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  static final LibcFunction EVENT_FD = function("eventfd", TWO_INTS);
  static final LibcFunction INOTIFY = function("inotify_init1", INT);
  static final LibcFunction ADD_WATCH = function("inotify_add_watch", JAVA_INT, ADDRESS, JAVA_INT);
  static final LibcFunction REMOVE_WATCH = function("inotify_rm_watch", TWO_INTS);

  private Libc() {}

  private static LibcFunction function(String name, MemoryLayout... parameters) {
    return new LibcFunction(name, JAVA_INT, -1, true, parameters);
  }

  private static LibcFunction counting(String name, MemoryLayout... parameters) {
    return new LibcFunction(name, JAVA_LONG, -1, true, parameters);
  }

  private static LibcFunction pointing(String name, MemoryLayout... parameters) {
    return new LibcFunction(name, ADDRESS, 0, true, parameters);
  }

  private static LibcFunction variadic(String name, int fixed, MemoryLayout... parameters) {
    return new LibcFunction(
        name, JAVA_INT, -1, true, parameters, Linker.Option.firstVariadicArg(fixed));
  }
}
