package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * What a folder has: a name, and libuv's number for its type (0: the file system does not say).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link ErrnoException}.
 */
final class FolderEntry {
  private static final int O_DIRECTORY = directoryFlag();
  private static final int READ_BYTES = 32 << 10;

  /** Where in Linux's struct linux_dirent64 there is what. */
  private static final int LENGTH_OFFSET = 16;

  private static final int TYPE_OFFSET = 18;
  private static final int NAME_OFFSET = 19;

  /** Linux's d_type to libuv's: a FIFO is 1 there and 4 here, and so on. */
  private static final int[] TYPES = {0, 4, 6, 0, 2, 0, 7, 0, 1, 0, 3, 0, 5};

  private final int type;
  private final byte[] name;

  private FolderEntry(int type, byte[] name) {
    this.type = type;
    this.name = name;
  }

  /** As in Node's UV_DIRENT_... constants. */
  int type() {
    return type;
  }

  /** Bytes, which need not be text. */
  byte[] name() {
    return name;
  }

  /** One of the flags that differ between machines. */
  private static int directoryFlag() {
    return System.getProperty("os.arch", "").equals("aarch64") ? 040000 : 0200000;
  }

  /** A descriptor of the folder. */
  static int open(Scratch scratch, byte[] path) {
    long flags = O_DIRECTORY | Libc.O_CLOSE_ON_EXEC;
    return (int) ErrnoException.check(Libc.OPEN.call(scratch, scratch.path(path), flags, 0));
  }

  /**
   * Reads on.
   *
   * @return whether there was anything; "." and ".." are not added
   */
  static boolean read(Scratch scratch, int fd, List<FolderEntry> entries) {
    MemorySegment buffer = scratch.buffer(READ_BYTES);
    long length =
        ErrnoException.check(Libc.READ_FOLDER.call(scratch, fd, buffer.address(), READ_BYTES));
    for (long at = 0; at < length; ) {
      int next = Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + LENGTH_OFFSET));
      byte[] name = name(buffer, at + NAME_OFFSET);
      if (!isSelfOrParent(name)) {
        int type = buffer.get(JAVA_BYTE, at + TYPE_OFFSET);
        entries.add(new FolderEntry(type < 0 || type >= TYPES.length ? 0 : TYPES[type], name));
      }
      at += next;
    }
    return length > 0;
  }

  private static byte[] name(MemorySegment buffer, long start) {
    long end = start;
    while (buffer.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return buffer.asSlice(start, end - start).toArray(JAVA_BYTE);
  }

  private static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** By bytes, as libuv sorts them. */
  static void sort(List<FolderEntry> entries) {
    entries.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
  }
}
