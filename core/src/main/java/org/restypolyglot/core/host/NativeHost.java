package org.restypolyglot.core.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;

/**
 * Our C host, with its extension: one poll group for all task queues of the process.
 *
 * <p><b>Threads</b>: as {@link Host}; {@link #poll} by the poll thread only, as it reuses one array
 * of events. <b>Owns</b>: the poll group and that array, until the process ends. <b>Failure</b>: as
 * {@link HostAbi}.
 */
public final class NativeHost implements Host {
  private static final long NO_MEMORY_RETRY_NANOS = 1_000_000;
  private static final long EVENT_BYTES = HostAbi.EVENT.byteSize();
  private static final long TASK = offset("task");
  private static final long TAG = offset("tag");
  private static final long REQ = offset("req");
  private static final long REQ_LEN = offset("req_len");
  private static final long METHOD = offset("method");
  private static final long METHOD_LEN = offset("method_len");
  private static final long KIND = offset("kind");
  private static final long REASON = offset("reason");
  private static final long DEADLINE_MS = offset("deadline_ms");

  private final HostAbi abi;
  private final long group;
  private final MemorySegment events = Arena.global().allocate(HostAbi.EVENT, BATCH);

  private NativeHost(HostAbi abi) {
    this.abi = abi;
    this.group = abi.groupCreate();
    if (group == 0) {
      throw new IllegalStateException("the host cannot make a poll group: no memory");
    }
  }

  /**
   * The host of this process: ours, or any that follows lua-resty-ffi's ABI.
   *
   * @throws UnsatisfiedLinkError if there is none
   */
  public static Host ofThisProcess() {
    HostAbi abi = new HostAbi();
    return abi.hasExtension() ? new NativeHost(abi) : new TaskPollHost(abi);
  }

  private static long offset(String field) {
    return HostAbi.EVENT.byteOffset(PathElement.groupElement(field));
  }

  @Override
  public void add(long taskQueue, long tag) {
    if (!abi.groupAdd(group, taskQueue, tag)) {
      throw new IllegalStateException(
          "the host refuses task queue 0x" + Long.toHexString(taskQueue));
    }
  }

  @Override
  public void poll(List<Event> sink, @Nullable Duration timeout) {
    long micros = timeout == null ? -1 : TimeUnit.NANOSECONDS.toMicros(timeout.toNanos());
    int count = abi.groupPoll(group, events, BATCH, micros);
    for (int i = 0; i < count; i++) {
      addTo(sink, i * EVENT_BYTES);
    }
  }

  /** Without memory for it a task fails; other events are tried until there is memory. */
  private void addTo(List<Event> sink, long at) {
    while (true) {
      try {
        sink.add(event(at));
        return;
      } catch (OutOfMemoryError noMemory) {
        if (events.get(JAVA_SHORT, at + KIND) == HostAbi.EVENT_TASK) {
          abi.respond(events.get(JAVA_LONG, at + TASK), GuestException.RC, 0, 0);
          return;
        }
        LockSupport.parkNanos(NO_MEMORY_RETRY_NANOS);
      }
    }
  }

  private Event event(long at) {
    long tag = events.get(JAVA_LONG, at + TAG);
    long task = events.get(JAVA_LONG, at + TASK);
    int kind = events.get(JAVA_SHORT, at + KIND);
    return switch (kind) {
      case HostAbi.EVENT_TASK ->
          new Event.Call(
              tag,
              task,
              method(events.get(JAVA_LONG, at + METHOD), events.get(JAVA_INT, at + METHOD_LEN)),
              HostAbi.borrowed(
                  events.get(JAVA_LONG, at + REQ), events.get(JAVA_LONG, at + REQ_LEN)),
              events.get(JAVA_LONG, at + DEADLINE_MS));
      case HostAbi.EVENT_CANCEL ->
          new Event.Cancel(tag, task, reason(events.get(JAVA_SHORT, at + REASON)));
      case HostAbi.EVENT_UNLOAD -> new Event.Unload(tag);
      default -> throw new IllegalStateException("the host yields an event of kind " + kind);
    };
  }

  private static CancelReason reason(int reason) {
    return switch (reason) {
      case HostAbi.CANCEL_TIMEOUT -> CancelReason.TIMEOUT;
      case HostAbi.CANCEL_CLIENT_GONE -> CancelReason.CLIENT_GONE;
      default -> CancelReason.ENDED;
    };
  }

  private static String method(long address, int length) {
    MemorySegment name = HostAbi.borrowed(address, length);
    return name == null ? "" : new String(name.toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  @Override
  public long pollTask(long taskQueue) {
    return abi.taskPoll(taskQueue);
  }

  @Override
  public byte @Nullable [] request(long task) {
    return request(abi, task);
  }

  static byte @Nullable [] request(HostAbi abi, long task) {
    MemorySegment bytes = abi.request(task);
    return bytes == null ? null : bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void wake() {
    abi.groupWake(group);
  }

  @Override
  public boolean respond(long task, int rc, byte @Nullable [] bytes, int offset, int length) {
    return respond(abi, task, rc, bytes, offset, length);
  }

  static boolean respond(
      HostAbi abi, long task, int rc, byte @Nullable [] bytes, int offset, int length) {
    if (bytes == null) {
      return abi.respond(task, rc, 0, 0);
    }
    long buffer = HostAbi.copyToMalloc(bytes, offset, length);
    // Without memory for the reply the call fails, but it is answered.
    return buffer == 0 ? abi.respond(task, 1, 0, 0) : abi.respond(task, rc, buffer, length);
  }

  @Override
  public void log(LogLevel level, String text) {
    abi.log(level.nginxLevel(), text);
  }

  @Override
  public boolean isEnding() {
    return abi.isNginxExiting();
  }

  @Override
  public void done(long taskQueue) {
    abi.queueDone(taskQueue);
  }

  @Override
  public String options(long taskQueue) {
    String options = abi.options(taskQueue);
    return options == null ? "{}" : options;
  }

  @Override
  public void status(long taskQueue, String json) {
    abi.status(taskQueue, json);
  }

  @Override
  public void loadFailed(long taskQueue, String text) {
    abi.loadFailed(taskQueue, text);
  }
}
