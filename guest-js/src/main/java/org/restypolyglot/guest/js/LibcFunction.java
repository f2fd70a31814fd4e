package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * A function of libc, linked when it is first called.
 *
 * <p>All are called in the same way, with six integers, as each kind of call that the JVM links
 * takes some ten milliseconds of the first one. A function takes those that it has: Linux's calling
 * conventions, x86-64's and AArch64's, have so many in registers, ignore the upper half of an
 * int's, and leave nothing for the function to clean up.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: a method handle, from the first call to the end of the
 * process. <b>Borrows</b>: the memory whose addresses it is given. <b>Failure</b>: as {@link Libc}.
 */
final class LibcFunction {
  private static final FunctionDescriptor SIX_INTEGERS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  /** What a function returns, and which result is a failure. */
  enum Result {
    /** An int; -1 is a failure. */
    INT,

    /** A ssize_t; -1 is a failure. */
    COUNT,

    /** A pointer; NULL is a failure. */
    POINTER,

    /** An int as {@link #INT}; a call that a signal has interrupted is not made again. */
    INT_ONCE
  }

  private final String name;
  private final Result result;
  private final Linker.Option[] options;
  private volatile @Nullable MethodHandle linked;

  private LibcFunction(String name, Result result, Linker.Option... options) {
    this.name = name;
    this.result = result;
    this.options = options;
  }

  static LibcFunction of(String name, Result result) {
    return new LibcFunction(name, result, ERRNO);
  }

  /**
   * @param fixed how many arguments stand before the "..."
   */
  static LibcFunction variadic(String name, int fixed) {
    return new LibcFunction(name, Result.INT, ERRNO, Linker.Option.firstVariadicArg(fixed));
  }

  private MethodHandle handle() {
    MethodHandle handle = linked;
    if (handle == null) {
      Linker linker = Linker.nativeLinker();
      MemorySegment symbol =
          linker
              .defaultLookup()
              .find(name)
              .orElseThrow(() -> new UnsatisfiedLinkError("libc has no function " + name));
      handle = linker.downcallHandle(symbol, SIX_INTEGERS, options);
      linked = handle;
    }
    return handle;
  }

  long call(Scratch scratch, long a) {
    return call(scratch, a, 0, 0, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b) {
    return call(scratch, a, b, 0, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c) {
    return call(scratch, a, b, c, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c, long d) {
    return call(scratch, a, b, c, d, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c, long d, long e) {
    return call(scratch, a, b, c, d, e, 0);
  }

  /** The result, or the negative errno. */
  long call(Scratch scratch, long a, long b, long c, long d, long e, long f) {
    MethodHandle handle = handle();
    MemorySegment state = scratch.errno();
    while (true) {
      long value;
      try {
        value = (long) handle.invokeExact(state, a, b, c, d, e, f);
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable failure) {
        throw new AssertionError(name, failure);
      }
      if (!isFailure(value)) {
        return result == Result.INT || result == Result.INT_ONCE ? (int) value : value;
      }
      int errno = state.get(JAVA_INT, 0);
      if (errno != Libc.EINTR || result == Result.INT_ONCE) {
        return -errno;
      }
    }
  }

  private boolean isFailure(long value) {
    return switch (result) {
      case INT, INT_ONCE -> (int) value == -1;
      case COUNT -> value == -1;
      case POINTER -> value == 0;
    };
  }
}
