package org.restypolyglot.core;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Polls one task queue through lua-resty-ffi's three functions, and echoes. */
final class Echo implements Runnable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle DLSYM =
      function(
          LINKER.defaultLookup().findOrThrow("dlsym"),
          FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
  // The process's malloc(), which need not be libc's: the host frees with the process's free().
  private static final MethodHandle MALLOC =
      function(find("malloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG));
  private static final MethodHandle POLL =
      function(find("ngx_http_lua_ffi_task_poll"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle GET_REQ =
      function(
          find("ngx_http_lua_ffi_get_req"), FunctionDescriptor.of(ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle RESPOND =
      function(
          find("ngx_http_lua_ffi_respond"),
          FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

  private final long taskQueue;

  Echo(long taskQueue) {
    this.taskQueue = taskQueue;
  }

  private static MethodHandle function(MemorySegment address, FunctionDescriptor type) {
    return LINKER.downcallHandle(address, type);
  }

  private static MemorySegment find(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found =
          (MemorySegment) DLSYM.invokeExact(MemorySegment.NULL, arena.allocateFrom(name));
      if (found.address() == 0) {
        throw new UnsatisfiedLinkError(name);
      }
      return found;
    } catch (Throwable e) {
      throw new LinkageError(name, e);
    }
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment len = arena.allocate(JAVA_INT);
      for (long task = (long) POLL.invokeExact(taskQueue);
          task != 0;
          task = (long) POLL.invokeExact(taskQueue)) {
        MemorySegment req = (MemorySegment) GET_REQ.invokeExact(task, len);
        int size = len.get(JAVA_INT, 0);
        MemorySegment rsp = (MemorySegment) MALLOC.invokeExact((long) size);
        MemorySegment.copy(req.reinterpret(size), 0, rsp.reinterpret(size), 0, size);
        RESPOND.invokeExact(task, 0, rsp, size);
      }
    } catch (Throwable e) {
      e.printStackTrace();
    }
  }
}
