package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.LibcFunction.Result.COUNT;
import static org.restypolyglot.guest.js.LibcFunction.Result.INT;
import static org.restypolyglot.guest.js.LibcFunction.Result.INT_ONCE;
import static org.restypolyglot.guest.js.LibcFunction.Result.POINTER;

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

  static final LibcFunction OPEN = LibcFunction.variadic("open", 2);
  static final LibcFunction CLOSE = LibcFunction.of("close", INT_ONCE);
  static final LibcFunction READ = LibcFunction.of("read", COUNT);
  static final LibcFunction WRITE = LibcFunction.of("write", COUNT);
  static final LibcFunction READ_AT = LibcFunction.of("pread", COUNT);
  static final LibcFunction WRITE_AT = LibcFunction.of("pwrite", COUNT);
  static final LibcFunction TRUNCATE = LibcFunction.of("ftruncate", INT);
  static final LibcFunction SYNC = LibcFunction.of("fsync", INT);
  static final LibcFunction SYNC_DATA = LibcFunction.of("fdatasync", INT);
  static final LibcFunction CHANGE_MODE_OF_FD = LibcFunction.of("fchmod", INT);
  static final LibcFunction CHANGE_OWNER_OF_FD = LibcFunction.of("fchown", INT);
  static final LibcFunction STAT = LibcFunction.of("statx", INT);
  static final LibcFunction STAT_FILE_SYSTEM = LibcFunction.of("statfs", INT);
  static final LibcFunction SET_TIMES = LibcFunction.of("utimensat", INT);
  static final LibcFunction SET_TIMES_OF_FD = LibcFunction.of("futimens", INT);
  static final LibcFunction ACCESS = LibcFunction.of("access", INT);
  static final LibcFunction CHANGE_MODE = LibcFunction.of("chmod", INT);
  static final LibcFunction CHANGE_OWNER = LibcFunction.of("chown", INT);
  static final LibcFunction CHANGE_OWNER_OF_LINK = LibcFunction.of("lchown", INT);
  static final LibcFunction MAKE_FOLDER = LibcFunction.of("mkdir", INT);
  static final LibcFunction MAKE_TEMPORARY_FOLDER = LibcFunction.of("mkdtemp", POINTER);
  static final LibcFunction REMOVE_FOLDER = LibcFunction.of("rmdir", INT);
  static final LibcFunction UNLINK = LibcFunction.of("unlink", INT);
  static final LibcFunction RENAME = LibcFunction.of("rename", INT);
  static final LibcFunction LINK = LibcFunction.of("link", INT);
  static final LibcFunction MAKE_SYMBOLIC_LINK = LibcFunction.of("symlink", INT);
  static final LibcFunction READ_LINK = LibcFunction.of("readlink", COUNT);
  static final LibcFunction REAL_PATH = LibcFunction.of("realpath", POINTER);
  static final LibcFunction READ_FOLDER = LibcFunction.of("getdents64", COUNT);
  static final LibcFunction COPY_RANGE = LibcFunction.of("copy_file_range", COUNT);
  static final LibcFunction CONTROL = LibcFunction.variadic("ioctl", 2);
  static final LibcFunction POLL = LibcFunction.of("poll", INT);
  static final LibcFunction EVENT_FD = LibcFunction.of("eventfd", INT);
  static final LibcFunction INOTIFY = LibcFunction.of("inotify_init1", INT);
  static final LibcFunction ADD_WATCH = LibcFunction.of("inotify_add_watch", INT);
  static final LibcFunction REMOVE_WATCH = LibcFunction.of("inotify_rm_watch", INT);

  private Libc() {}
}
