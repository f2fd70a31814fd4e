package org.restypolyglot.core.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every foreign call of core: the functions of {@code resty_ffi.h}, and {@code malloc}.
 *
 * <p>The names are looked up as {@code dlsym(NULL, name)} does, so the host may be the executable
 * itself or a library of the process. The extension's are optional, and all there or not at all.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing; method handles last as long as the process. <b>
 * Failure</b>: what a C function returns is returned; a host without lua-resty-ffi's three
 * functions is an {@link UnsatisfiedLinkError}.
 */
final class HostAbi {

  /** {@code RESTY_FFI_ABI_VERSION} that this class speaks. */
  static final int VERSION = 1;

  static final int EVENT_TASK = 1;
  static final int EVENT_CANCEL = 2;
  static final int EVENT_UNLOAD = 3;
  static final int CANCEL_TIMEOUT = 1;
  static final int CANCEL_CLIENT_GONE = 2;

  private static final ValueLayout.OfLong LONG = JAVA_LONG;

  /** {@code resty_ffi_event_t}. */
  static final StructLayout EVENT =
      MemoryLayout.structLayout(
          LONG.withName("task"),
          LONG.withName("tag"),
          LONG.withName("req"),
          LONG.withName("req_len"),
          LONG.withName("method"),
          JAVA_INT.withName("method_len"),
          JAVA_SHORT.withName("kind"),
          JAVA_SHORT.withName("reason"),
          LONG.withName("deadline_ms"));

  /** All memory, for copies that make no segment of their own, so need no heap. */
  private static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VarHandle EXITING = LONG.varHandle();

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MethodHandle DLSYM =
      LINKER.downcallHandle(LIBC.findOrThrow("dlsym"), FunctionDescriptor.of(LONG, LONG, ADDRESS));

  // Through dlsym, as LIBC has glibc's even where another one is preloaded, with which the host
  // frees.
  private static final MethodHandle MALLOC =
      function("malloc", FunctionDescriptor.of(LONG, LONG), Linker.Option.critical(false));

  private final MethodHandle taskPoll;
  private final MethodHandle getReq;
  private final MethodHandle plainRespond;
  private final @Nullable Extension extension;
  private final @Nullable MemorySegment exiting;

  /** The extension's functions. */
  private record Extension(
      MethodHandle groupCreate,
      MethodHandle groupAdd,
      MethodHandle groupPoll,
      MethodHandle groupWake,
      MethodHandle queueDone,
      MethodHandle respond,
      MethodHandle log,
      MethodHandle options,
      MethodHandle status,
      MethodHandle loadFailed) {}

  HostAbi() {
    taskPoll = function("ngx_http_lua_ffi_task_poll", FunctionDescriptor.of(LONG, LONG));
    getReq = function("ngx_http_lua_ffi_get_req", FunctionDescriptor.of(LONG, LONG, ADDRESS));
    plainRespond =
        function(
            "ngx_http_lua_ffi_respond", FunctionDescriptor.ofVoid(LONG, JAVA_INT, LONG, JAVA_INT));
    extension = hasExtensionOfOurVersion() ? bindExtension() : null;
    exiting = find("ngx_exiting").map(found -> found.reinterpret(LONG.byteSize())).orElse(null);
  }

  private static boolean hasExtensionOfOurVersion() {
    int version = hostVersion();
    if (version != 0 && version != VERSION) {
      throw new UnsatisfiedLinkError(
          "the host speaks version %d of resty_ffi.h and these jars version %d: are both of one dist/?"
              .formatted(version, VERSION));
    }
    return version != 0;
  }

  private static Extension bindExtension() {
    return new Extension(
        function("resty_ffi_group_create", FunctionDescriptor.of(LONG)),
        function("resty_ffi_group_add", FunctionDescriptor.of(JAVA_INT, LONG, LONG, LONG)),
        function(
            "resty_ffi_group_poll", FunctionDescriptor.of(JAVA_INT, LONG, ADDRESS, JAVA_INT, LONG)),
        function("resty_ffi_group_wake", FunctionDescriptor.ofVoid(LONG)),
        function("resty_ffi_queue_done", FunctionDescriptor.ofVoid(LONG)),
        function("resty_ffi_respond", FunctionDescriptor.of(JAVA_INT, LONG, JAVA_INT, LONG, LONG)),
        function("resty_ffi_log", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, LONG)),
        function("resty_ffi_options", FunctionDescriptor.of(LONG, LONG, ADDRESS)),
        function("resty_ffi_set_status", FunctionDescriptor.ofVoid(LONG, ADDRESS, LONG)),
        function("resty_ffi_load_failed", FunctionDescriptor.ofVoid(LONG, ADDRESS, LONG)));
  }

  /** The version of the host's extension; 0: it has none. */
  private static int hostVersion() {
    return find("resty_ffi_version")
        .map(
            address -> {
              try {
                return (int)
                    LINKER.downcallHandle(address, FunctionDescriptor.of(JAVA_INT)).invokeExact();
              } catch (Throwable e) {
                throw unexpected(e);
              }
            })
        .orElse(0);
  }

  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address =
        find(name)
            .orElseThrow(
                () ->
                    new UnsatisfiedLinkError(
                        "the host lacks %s: is lua-resty-ffi's or our host loaded with global symbols?"
                            .formatted(name)));
    return LINKER.downcallHandle(address, type, options);
  }

  private static Optional<MemorySegment> find(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long address = (long) DLSYM.invokeExact(0L, arena.allocateFrom(name));
      return address == 0 ? Optional.empty() : Optional.of(MemorySegment.ofAddress(address));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** nginx's own variable, which its thread sets when it begins to shut down gracefully. */
  boolean isNginxExiting() {
    return exiting != null && (long) EXITING.getVolatile(exiting, 0L) != 0;
  }

  boolean hasExtension() {
    return extension != null;
  }

  private Extension extension() {
    if (extension == null) {
      throw new IllegalStateException("this host has no extension");
    }
    return extension;
  }

  /** Blocks; 0 when the queue is unloaded. */
  long taskPoll(long taskQueue) {
    try {
      return (long) taskPoll.invokeExact(taskQueue);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The request, borrowed until the task is answered; null for a nil request. */
  @Nullable MemorySegment request(long task) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocate(JAVA_INT);
      long address = (long) getReq.invokeExact(task, length);
      return borrowed(address, length.get(JAVA_INT, 0));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static @Nullable MemorySegment borrowed(long address, long length) {
    return address == 0 ? null : MemorySegment.ofAddress(address).reinterpret(length);
  }

  /** With {@code buffer} from {@link #copyToMalloc}; the host owns it afterwards. */
  boolean respond(long task, int rc, long buffer, int length) {
    try {
      if (extension != null) {
        return (int) extension.respond.invokeExact(task, rc, buffer, (long) length) == 0;
      }
      plainRespond.invokeExact(task, rc, buffer, length);
      return true;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** NUL-terminated, for hosts that read a length of 0 as "up to the NUL". 0: no memory. */
  static long copyToMalloc(byte[] bytes, int offset, int length) {
    long buffer;
    try {
      buffer = (long) MALLOC.invokeExact(length + 1L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (buffer == 0) {
      return 0;
    }
    MemorySegment.copy(bytes, offset, EVERYTHING, ValueLayout.JAVA_BYTE, buffer, length);
    EVERYTHING.set(ValueLayout.JAVA_BYTE, buffer + length, (byte) 0);
    return buffer;
  }

  long groupCreate() {
    try {
      return (long) extension().groupCreate.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  boolean groupAdd(long group, long taskQueue, long tag) {
    try {
      return (int) extension().groupAdd.invokeExact(group, taskQueue, tag) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Blocks for {@code timeoutMicros} at most; returns how many of {@code events} were filled in.
   */
  int groupPoll(long group, MemorySegment events, int max, long timeoutMicros) {
    try {
      return (int) extension().groupPoll.invokeExact(group, events, max, timeoutMicros);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void groupWake(long group) {
    try {
      extension().groupWake.invokeExact(group);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void queueDone(long taskQueue) {
    try {
      extension().queueDone.invokeExact(taskQueue);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void log(int level, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = utf8(arena, text);
      int unused = (int) extension().log.invokeExact(level, bytes, bytes.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Nullable String options(long taskQueue) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocate(JAVA_LONG);
      long address = (long) extension().options.invokeExact(taskQueue, length);
      MemorySegment text = borrowed(address, length.get(JAVA_LONG, 0));
      return text == null ? null : new String(text.toArray(ValueLayout.JAVA_BYTE), UTF_8);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void status(long taskQueue, String json) {
    tell(extension().status, taskQueue, json);
  }

  void loadFailed(long taskQueue, String text) {
    tell(extension().loadFailed, taskQueue, text);
  }

  private static void tell(MethodHandle function, long taskQueue, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = utf8(arena, text);
      function.invokeExact(taskQueue, bytes, bytes.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static MemorySegment utf8(Arena arena, String text) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
  }

  /** Method handles declare Throwable; a downcall throws nothing but errors of the JVM. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("foreign call failed", e);
  }
}
