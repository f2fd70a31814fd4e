package org.restypolyglot.guest.js;

import java.util.zip.CRC32;

/**
 * Reads the header of a gzip member, byte by byte.
 *
 * <p><b>Threads</b>: one at a time. <b>Failure</b>: what zlib says of a wrong one.
 */
final class GzipHeader {
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATED = 8;
  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int TIME_AND_SYSTEM_BYTES = 6;

  private enum Part {
    MAGIC_1,
    MAGIC_2,
    METHOD,
    FLAGS,
    TIME_AND_SYSTEM,
    EXTRA_LENGTH_LOW,
    EXTRA_LENGTH_HIGH,
    EXTRA,
    NAME,
    COMMENT,
    CRC_LOW,
    CRC_HIGH,
    DONE
  }

  private final CRC32 crc = new CRC32();
  private Part part = Part.MAGIC_1;
  private int flags;
  private int method;
  private int left;
  private int stored;

  boolean isDone() {
    return part == Part.DONE;
  }

  void accept(int value) throws ZlibFailure {
    boolean isCrc = part == Part.CRC_LOW || part == Part.CRC_HIGH;
    int expected = (int) crc.getValue();
    if (!isCrc) {
      crc.update(value);
    }
    part =
        switch (part) {
          case MAGIC_1 -> Part.MAGIC_2;
          case MAGIC_2, METHOD, FLAGS, TIME_AND_SYSTEM -> fixed(value);
          case EXTRA_LENGTH_LOW -> {
            left = value;
            yield Part.EXTRA_LENGTH_HIGH;
          }
          case EXTRA_LENGTH_HIGH -> {
            left += value << 8;
            yield left > 0 ? Part.EXTRA : after(HAS_EXTRA);
          }
          case EXTRA -> --left > 0 ? Part.EXTRA : after(HAS_EXTRA);
          case NAME -> value == 0 ? after(HAS_NAME) : Part.NAME;
          case COMMENT -> value == 0 ? after(HAS_COMMENT) : Part.COMMENT;
          case CRC_LOW -> {
            stored = value;
            yield Part.CRC_HIGH;
          }
          case CRC_HIGH -> {
            stored += value << 8;
            check(stored == (expected & 0xffff), "header crc mismatch");
            yield Part.DONE;
          }
          case DONE -> throw new IllegalStateException("the header is complete");
        };
    if (part == Part.MAGIC_2) {
      stored = value; // zlib looks at both bytes together
    }
  }

  private Part fixed(int value) throws ZlibFailure {
    switch (part) {
      case MAGIC_2 -> {
        check(stored == MAGIC_1 && value == MAGIC_2, "incorrect header check");
        return Part.METHOD;
      }
      case METHOD -> {
        method = value;
        return Part.FLAGS;
      }
      case FLAGS -> {
        check(method == DEFLATED, "unknown compression method");
        check((value & RESERVED) == 0, "unknown header flags set");
        flags = value;
        left = TIME_AND_SYSTEM_BYTES;
        return Part.TIME_AND_SYSTEM;
      }
      default -> {
        return --left > 0 ? Part.TIME_AND_SYSTEM : after(0);
      }
    }
  }

  /** The first part behind that of the flag which the header has. */
  private Part after(int flag) {
    if (flag < HAS_EXTRA && (flags & HAS_EXTRA) != 0) {
      return Part.EXTRA_LENGTH_LOW;
    }
    if (flag < HAS_NAME && (flags & HAS_NAME) != 0) {
      return Part.NAME;
    }
    if (flag < HAS_COMMENT && (flags & HAS_COMMENT) != 0) {
      return Part.COMMENT;
    }
    return (flags & HAS_CRC) != 0 ? Part.CRC_LOW : Part.DONE;
  }

  private static void check(boolean isRight, String message) throws ZlibFailure {
    if (!isRight) {
      throw ZlibFailure.data(message);
    }
  }
}
