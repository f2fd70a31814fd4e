package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of libc: its overloads of {@code call} differ in how many arguments it has.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: a method handle, from the first call to the end of the
 * process. <b>Borrows</b>: the memory whose addresses it is given. <b>Failure</b>: as {@link Libc}.
 */
final class LibcFunction {
  private static final MethodHandle TO_SEGMENT;
  private static final MethodHandle TO_ADDRESS;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      TO_SEGMENT =
          lookup.findStatic(
              MemorySegment.class,
              "ofAddress",
              MethodType.methodType(MemorySegment.class, long.class));
      TO_ADDRESS =
          lookup.findVirtual(MemorySegment.class, "address", MethodType.methodType(long.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.lang.foreign is not what it was", e);
    }
  }

  private final String name;
  private final MemoryLayout result;
  private final long failure;
  private final boolean repeats;
  private final MemoryLayout[] parameters;
  private final List<Linker.Option> options = new ArrayList<>();
  private volatile @Nullable MethodHandle linked;

  LibcFunction(
      String name,
      MemoryLayout result,
      long failure,
      boolean repeats,
      MemoryLayout[] parameters,
      Linker.Option... options) {
    this.name = name;
    this.result = result;
    this.failure = failure;
    this.repeats = repeats;
    this.parameters = parameters;
    this.options.add(Linker.Option.captureCallState("errno"));
    this.options.addAll(List.of(options));
  }

  /** A handle of {@code (MemorySegment errno, long...)long}. */
  private MethodHandle handle() {
    MethodHandle handle = linked;
    if (handle == null) {
      handle = link();
      linked = handle;
    }
    return handle;
  }

  private MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("libc has no function " + name));
    MethodHandle handle =
        linker.downcallHandle(
            symbol,
            FunctionDescriptor.of(result, parameters),
            options.toArray(Linker.Option[]::new));
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] == ADDRESS) {
        handle = MethodHandles.filterArguments(handle, i + 1, TO_SEGMENT);
      }
    }
    if (result == ADDRESS) {
      handle = MethodHandles.filterReturnValue(handle, TO_ADDRESS);
    }
    Class<?>[] types = new Class<?>[parameters.length + 1];
    Arrays.fill(types, long.class);
    types[0] = MemorySegment.class;
    return MethodHandles.explicitCastArguments(handle, MethodType.methodType(long.class, types));
  }

  /** What runs the handle with the arguments of one call. */
  @FunctionalInterface
  private interface Invocation {
    long run(MethodHandle handle, MemorySegment errno) throws Throwable;
  }

  private long invoke(Scratch scratch, Invocation invocation) {
    MethodHandle handle = handle();
    MemorySegment state = scratch.errno();
    while (true) {
      long value;
      try {
        value = invocation.run(handle, state);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(name, e);
      }
      if (value != failure) {
        return value;
      }
      int errno = state.get(JAVA_INT, 0);
      if (errno != Libc.EINTR || !repeats) {
        return -errno;
      }
    }
  }

  long call(Scratch scratch, long a) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a));
  }

  long call(Scratch scratch, long a, long b) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a, b));
  }

  long call(Scratch scratch, long a, long b, long c) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a, b, c));
  }

  long call(Scratch scratch, long a, long b, long c, long d) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a, b, c, d));
  }

  long call(Scratch scratch, long a, long b, long c, long d, long e) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a, b, c, d, e));
  }

  long call(Scratch scratch, long a, long b, long c, long d, long e, long f) {
    return invoke(scratch, (handle, errno) -> (long) handle.invokeExact(errno, a, b, c, d, e, f));
  }
}
