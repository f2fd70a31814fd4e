package org.restypolyglot.guest.python;

import com.oracle.truffle.api.TruffleSafepoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.guest.TaskQueue;

/**
 * The runtime's task queue, as the functions of {@code cffi_functions.py} see it, for a module that
 * polls it itself.
 *
 * <p><b>Threads</b>: any, GraalPy lets others run meanwhile; {@link #whenPollersEnded} the guest
 * thread. <b>Borrows</b>: the queue, and the threads that poll it, which are Python's. <b>
 * Failure</b>: as {@link TaskQueue}; a poll ends with its context.
 */
final class HostQueue {
  /** How long the threads that polled may take to end, when polling has ended. */
  private static final Duration END = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(10);

  private final TaskQueue tasks;
  private final GuestExecutor executor;
  private final RequestStream request;
  private final Set<Thread> pollers = ConcurrentHashMap.newKeySet();
  private volatile boolean pollsItself;

  HostQueue(TaskQueue tasks, GuestExecutor executor, RequestStream request) {
    this.tasks = tasks;
    this.executor = executor;
    this.request = request;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("queue_handle", (ProxyExecutable) arguments -> tasks.handle());
    functions.put("polls_itself", (ProxyExecutable) this::notePolling);
    functions.put("is_home_thread", (ProxyExecutable) arguments -> executor.isGuestThread());
    functions.put("poll_task", (ProxyExecutable) this::poll);
    functions.put("request_of_task", (ProxyExecutable) this::requestOf);
    functions.put("respond_to_task", (ProxyExecutable) this::respond);
  }

  /** Whether the module has said that it polls itself. */
  boolean pollsItself() {
    return pollsItself;
  }

  private @Nullable Object notePolling(Value... arguments) {
    pollsItself = true;
    return null;
  }

  /** {@code poll_task() -> int}: blocks; 0 when no more tasks will come. */
  private Object poll(Value... arguments) {
    pollers.add(Thread.currentThread());
    long[] task = new long[1];
    TruffleSafepoint.setBlockedThreadInterruptible(null, polled -> task[0] = polled.poll(), tasks);
    return task[0];
  }

  /** {@code request_of_task(task) -> int}: its size, -1 for nil; the caller reads it then. */
  private Object requestOf(Value... arguments) {
    byte[] bytes = tasks.request(arguments[0].asLong());
    if (bytes == null) {
      return -1;
    }
    request.offer(bytes);
    return bytes.length;
  }

  /**
   * {@code respond_to_task(task, rc, data | None, size) -> bool}: whether it was taken. What {@code
   * data} has beyond the size is cut off, what it lacks is zeros.
   */
  private Object respond(Value... arguments) {
    Value data = arguments[2];
    byte[] bytes = null;
    if (!data.isNull()) {
      bytes = new byte[Math.toIntExact(data.getBufferSize())];
      data.readBuffer(0, bytes, 0, bytes.length); // GraalPy 25.0.3 refuses to fill an array partly
      int size = arguments[3].asInt();
      if (size != bytes.length) {
        bytes = Arrays.copyOf(bytes, size);
      }
    }
    return tasks.respond(arguments[0].asLong(), arguments[1].asInt(), bytes);
  }

  /**
   * Runs {@code code} on the guest thread when the threads that polled have ended, which lets them
   * clean up; after a while without that.
   */
  void whenPollersEnded(Runnable code) {
    executor.requireGuestThread();
    runOnceEnded(code, System.nanoTime());
  }

  private void runOnceEnded(Runnable code, long start) {
    pollers.removeIf(poller -> !poller.isAlive());
    if (pollers.isEmpty() || System.nanoTime() - start > END.toNanos()) {
      code.run();
    } else {
      executor.schedule(() -> runOnceEnded(code, start), LOOK);
    }
  }
}
