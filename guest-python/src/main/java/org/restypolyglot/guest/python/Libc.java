package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
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
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /** Linked at the first use. */
  private static final class Linked {
    static final MethodHandle CBRT = handle("cbrt", JAVA_DOUBLE, JAVA_DOUBLE);
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

  static MethodHandle handle(String name, ValueLayout result, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
  }

  /** A function that returns an int, and -1 where it has set errno. */
  static Function function(String name, ValueLayout... parameters) {
    return new Function(name, parameters, Linker.Option.captureCallState("errno"));
  }

  /** As {@link #function}, with {@code ...} instead of further parameters. */
  static Function variadic(String name, int first, ValueLayout... parameters) {
    return new Function(
        name,
        parameters,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(first));
  }

  /** A function that tells what failed by errno. */
  static final class Function {
    private final String name;
    private final MethodHandle handle;

    private Function(String name, ValueLayout[] parameters, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      this.name = name;
      this.handle =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow(name),
              FunctionDescriptor.of(JAVA_INT, parameters),
              options);
    }

    /** What it returns, or its negative errno. */
    int call(Object... arguments) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        Object[] all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int result = (int) handle.invokeWithArguments(all);
        return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
      } catch (Throwable failure) {
        throw new AssertionError(name, failure);
      }
    }
  }
}
