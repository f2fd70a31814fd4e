package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * {@code time.strftime} of libc, in the locale C, as CPython calls it: GraalPy's own knows half of
 * the directives, and leaves {@code %F %T %D %e} and others as they are (repairs.py).
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: a locale of libc's, from the first call to the end of the
 * process. <b>Failure</b>: none that is expected.
 */
final class TimeFormat {
  /*
   * struct tm, of glibc and musl: sec, min, hour, mday, mon, year, wday, yday, isdst as int; then,
   * after 4 bytes of padding, gmtoff as long and zone as char *.
   */
  private static final long GMTOFF = 40;
  private static final long ZONE = 48;
  private static final long SIZE = 56;

  private static final int FIELDS = 9;
  private static final int CTYPE_AND_TIME = 1 | 1 << 2; // LC_CTYPE_MASK | LC_TIME_MASK

  private static final int FIRST_ROOM = 1024;
  private static final int MOST_ROOM_PER_BYTE = 256; // CPython's limit

  private TimeFormat() {}

  /** Linked at the first use. */
  private static final class Linked {
    static final MethodHandle STRFTIME =
        Libc.handle("strftime_l", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    static final MemorySegment LOCALE = newLocale();

    private static MemorySegment newLocale() {
      MethodHandle newlocale = Libc.handle("newlocale", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom("C");
        return (MemorySegment) newlocale.invokeExact(CTYPE_AND_TIME, name, MemorySegment.NULL);
      } catch (Throwable failure) {
        throw new AssertionError("newlocale", failure);
      }
    }
  }

  static void addTo(Map<String, Object> functions) {
    functions.put("strftime", (ProxyExecutable) TimeFormat::format);
  }

  /**
   * {@code strftime(format, time, gmtoff, zone) -> str}: format, zone (or None) and result have a
   * character for each byte of their UTF-8; time has the nine fields of {@code struct tm}.
   */
  private static Object format(Value... arguments) {
    byte[] format = arguments[0].asString().getBytes(StandardCharsets.ISO_8859_1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tm = arena.allocate(SIZE, Long.BYTES);
      for (int i = 0; i < FIELDS; i++) {
        tm.setAtIndex(JAVA_INT, i, arguments[1].getArrayElement(i).asInt());
      }
      tm.set(JAVA_LONG, GMTOFF, arguments[2].asLong());
      if (!arguments[3].isNull()) {
        byte[] zone = arguments[3].asString().getBytes(StandardCharsets.ISO_8859_1);
        tm.set(ADDRESS, ZONE, terminated(arena, zone));
      }
      byte[] text = format(arena, terminated(arena, format), tm, format.length);
      return text == null ? "" : new String(text, StandardCharsets.ISO_8859_1);
    }
  }

  private static MemorySegment terminated(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** Null where the text is empty: nobody can tell that from one that has no room. */
  private static byte @Nullable [] format(
      Arena arena, MemorySegment format, MemorySegment tm, int length) {
    for (long room = FIRST_ROOM; ; room *= 2) {
      MemorySegment text = arena.allocate(room);
      long size;
      try {
        size = (long) Linked.STRFTIME.invokeExact(text, room, format, tm, Linked.LOCALE);
      } catch (Throwable failure) {
        throw new AssertionError("strftime_l", failure);
      }
      if (size > 0) {
        return text.asSlice(0, size).toArray(JAVA_BYTE);
      }
      if (room >= (long) MOST_ROOM_PER_BYTE * length) {
        return null;
      }
    }
  }
}
