package org.restypolyglot.guest.python;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Objects;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * What libc has and GraalPy's Java backend of {@code posix} has not (system_calls.py).
 *
 * <p><b>Threads</b>: the locks: those of the context, inside it; the rest any. <b>Borrows</b>: the
 * interpreter. <b>Failure</b>: negative numbers of {@code errno}.
 */
final class SystemCalls {
  private static final int EBADF = 9;
  private static final long NANOSECONDS = 1_000_000_000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int TIMES = 4; // of utimensat: seconds and nanoseconds, twice

  /** Linked at the first use. */
  private static final class Linked {
    static final Map<String, Libc.Function> PROCESS_IDS =
        Map.of(
            "geteuid", Libc.function("geteuid"),
            "getegid", Libc.function("getegid"),
            "getppid", Libc.function("getppid"),
            "getpgrp", Libc.function("getpgrp"),
            "getpgid", Libc.function("getpgid", JAVA_INT),
            "getsid", Libc.function("getsid", JAVA_INT));
    static final Libc.Function UTIMENSAT =
        Libc.function("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle STRERROR = Libc.handle("strerror", ADDRESS, JAVA_INT);
    static final MethodHandle STRSIGNAL = Libc.handle("strsignal", ADDRESS, JAVA_INT);
    static final Libc.Function GETTIME = Libc.function("clock_gettime", JAVA_INT, ADDRESS);
    static final Libc.Function GETRES = Libc.function("clock_getres", JAVA_INT, ADDRESS);
  }

  private final Interpreter interpreter;

  SystemCalls(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("pid", ProcessHandle.current().pid());
    functions.put("process_id", (ProxyExecutable) SystemCalls::processId);
    functions.put("clock", (ProxyExecutable) SystemCalls::clock);
    functions.put("strerror", (ProxyExecutable) arguments -> text(Linked.STRERROR, arguments));
    functions.put("strsignal", (ProxyExecutable) arguments -> text(Linked.STRSIGNAL, arguments));
    functions.put("utime", (ProxyExecutable) SystemCalls::utime);
    functions.put("flock", (ProxyExecutable) this::flock);
    functions.put("lock_record", (ProxyExecutable) this::lockRecord);
  }

  /** {@code process_id(name of the function, *arguments) -> int}. */
  private static Object processId(Value... arguments) {
    Libc.Function function =
        Objects.requireNonNull(Linked.PROCESS_IDS.get(arguments[0].asString()));
    return arguments.length == 1 ? function.call() : function.call(arguments[1].asInt());
  }

  /** {@code clock(clk_id, resolution: bool) -> int}: nanoseconds. */
  private static Object clock(Value... arguments) {
    Libc.Function function = arguments[1].asBoolean() ? Linked.GETRES : Linked.GETTIME;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
      long result = function.call(arguments[0].asInt(), time);
      return result < 0
          ? result
          : time.getAtIndex(JAVA_LONG, 0) * NANOSECONDS + time.getAtIndex(JAVA_LONG, 1);
    }
  }

  /**
   * {@code utime(absolute path, seconds and nanoseconds of the access, those of the change, follow
   * links: bool) -> int}.
   */
  private static Object utime(Value... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(arguments[0].asString());
      MemorySegment times = arena.allocate(JAVA_LONG, TIMES);
      for (int i = 0; i < TIMES; i++) {
        times.setAtIndex(JAVA_LONG, i, arguments[1 + i].asLong());
      }
      int flags = arguments[1 + TIMES].asBoolean() ? 0 : AT_SYMLINK_NOFOLLOW;
      return Linked.UTIMENSAT.call(AT_FDCWD, path, times, flags);
    }
  }

  /** {@code strerror(number) -> str}, and {@code strsignal}. */
  private static Object text(MethodHandle function, Value... arguments) {
    try {
      MemorySegment text = (MemorySegment) function.invokeExact(arguments[0].asInt());
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable failure) {
      throw new AssertionError("strerror, strsignal", failure);
    }
  }

  /** {@code flock(descriptor, operation) -> int}; see {@link LockableChannel#flock}. */
  private Object flock(Value... arguments) {
    LockableChannel file = interpreter.openFile(arguments[0].asInt());
    return file == null ? -EBADF : -file.flock(arguments[1].asInt());
  }

  /**
   * {@code lock_record(descriptor, type, start, length) -> int}; see {@link
   * LockableChannel#lockRecord}.
   */
  private Object lockRecord(Value... arguments) {
    LockableChannel file = interpreter.openFile(arguments[0].asInt());
    return file == null
        ? -EBADF
        : -file.lockRecord(arguments[1].asShort(), arguments[2].asLong(), arguments[3].asLong());
  }
}
