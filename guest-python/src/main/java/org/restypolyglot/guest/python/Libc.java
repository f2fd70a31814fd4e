package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Functions of the process's C library.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link java.util.NoSuchElementException} where there is
 * no such function.
 */
final class Libc {
  private Libc() {}

  /** Linked at the first use. */
  private static final class Linked {
    static final MethodHandle CBRT = function("cbrt", JAVA_DOUBLE, JAVA_DOUBLE);
  }

  static void addTo(Map<String, Object> functions) {
    functions.put("cbrt", (ProxyExecutable) Libc::cbrt);
  }

  /** {@code cbrt(float) -> float}: it rounds in another way than Java's. */
  private static Object cbrt(Value... arguments) {
    try {
      return (double) Linked.CBRT.invokeExact(arguments[0].asDouble());
    } catch (Throwable failure) {
      throw new AssertionError("cbrt", failure);
    }
  }

  static MethodHandle function(String name, ValueLayout result, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
  }
}
