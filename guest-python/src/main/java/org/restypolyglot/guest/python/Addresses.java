package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * {@code inet_pton} and {@code inet_ntop} of libc, as CPython calls them: GraalPy's own refuse
 * {@code 127.0.0.1}, and write IPv6 addresses out (posix_backend.py).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none that is expected.
 */
final class Addresses {
  private static final long MOST_BYTES = 16; // of struct in6_addr
  private static final int MOST_CHARACTERS = 46; // INET6_ADDRSTRLEN

  private Addresses() {}

  /** Linked at the first use. */
  private static final class Linked {
    static final MethodHandle PTON = Libc.handle("inet_pton", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle NTOP =
        Libc.handle("inet_ntop", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  }

  static void addTo(Map<String, Object> functions) {
    functions.put("address_bytes", (ProxyExecutable) Addresses::bytes);
    functions.put("address_text", (ProxyExecutable) Addresses::text);
  }

  /**
   * {@code address_bytes(family, text, size) -> str | None}: a character for each of the size bytes
   * of an address of that family; None where the text is none.
   */
  private static @Nullable Object bytes(Value... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(arguments[1].asString());
      MemorySegment address = arena.allocate(MOST_BYTES);
      int found = (int) Linked.PTON.invokeExact(arguments[0].asInt(), text, address);
      byte[] bytes = address.asSlice(0, arguments[2].asInt()).toArray(JAVA_BYTE);
      return found == 1 ? new String(bytes, ISO_8859_1) : null;
    } catch (Throwable failure) {
      throw new AssertionError("inet_pton", failure);
    }
  }

  /**
   * {@code address_text(family, address) -> str}: of the bytes, a character for each, of an address
   * of that family, as many as it has.
   */
  private static Object text(Value... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(MOST_BYTES);
      byte[] bytes = arguments[1].asString().getBytes(ISO_8859_1);
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 0, bytes.length);
      MemorySegment text = arena.allocate(MOST_CHARACTERS);
      MemorySegment made =
          (MemorySegment)
              Linked.NTOP.invokeExact(arguments[0].asInt(), address, text, MOST_CHARACTERS);
      return made.equals(MemorySegment.NULL) ? "" : text.getString(0);
    } catch (Throwable failure) {
      throw new AssertionError("inet_ntop", failure);
    }
  }
}
