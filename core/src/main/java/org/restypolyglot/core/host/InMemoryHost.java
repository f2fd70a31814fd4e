package org.restypolyglot.core.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.LogLevel;

/**
 * A host in Java alone, for the command line and for tests.
 *
 * <pre>{@code
 * InMemoryHost host = new InMemoryHost((level, text) -> System.err.println(text));
 * long queue = host.newQueue("{}");
 * Reply reply = host.call(queue, "echo", request, null).join();
 * }</pre>
 *
 * In this example a call waits for whoever polls the host to answer it.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the requests' memory, each in an arena of its own that is
 * closed when the task is answered, so that a late access throws rather than reads garbage. <b>
 * Failure</b>: a second answer, or one to a made-up task, is refused.
 */
public final class InMemoryHost extends QueuedHost {

  /**
   * What a call came to.
   *
   * @param rc 0 for success
   * @param bytes null for nil
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(int rc, byte @Nullable [] bytes) {}

  private record Pending(
      Queue queue, @Nullable Arena arena, CompletableFuture<Reply> reply, long task) {}

  private static final class Queue {
    final String options;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    volatile long tag = -1;
    volatile @Nullable String loadFailure;
    volatile @Nullable String status;

    Queue(String options) {
      this.options = options;
    }
  }

  private final BiConsumer<LogLevel, String> log;
  private final AtomicLong handles = new AtomicLong();
  private final Map<Long, Queue> queues = new ConcurrentHashMap<>();
  private final Map<Long, Pending> tasks = new ConcurrentHashMap<>();

  /**
   * Makes a host without queues.
   *
   * @param log takes what is logged, one text (maybe of several lines) at a time, on any thread
   */
  public InMemoryHost(BiConsumer<LogLevel, String> log) {
    this.log = log;
  }

  /** A new task queue; its handle. */
  public long newQueue(String options) {
    long handle = handles.incrementAndGet();
    queues.put(handle, new Queue(options));
    return handle;
  }

  /** Posts a task; the future completes with its reply. The queue has to be added already. */
  public CompletableFuture<Reply> call(
      long taskQueue, String method, byte @Nullable [] request, @Nullable Duration timeout) {
    Queue queue = queue(taskQueue);
    long task = handles.incrementAndGet();
    Arena arena = request == null ? null : Arena.ofShared();
    Pending pending = new Pending(queue, arena, new CompletableFuture<>(), task);
    tasks.put(task, pending);
    MemorySegment bytes = null;
    if (arena != null && request != null) {
      bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, request).asReadOnly();
    }
    long deadlineMillis =
        timeout == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() + timeout.toNanos());
    offer(new Event.Call(queue.tag, task, method, bytes, deadlineMillis));
    return pending.reply;
  }

  /** Tells the runtime that nobody waits for the call with this future any more. */
  public void cancel(CompletableFuture<Reply> call, CancelReason reason) {
    for (Pending pending : tasks.values()) {
      if (pending.reply == call) {
        offer(new Event.Cancel(pending.queue.tag, pending.task, reason));
      }
    }
  }

  /** Ends a queue; the future completes when its runtime has cleaned up. */
  public CompletableFuture<Void> unload(long taskQueue) {
    Queue queue = queue(taskQueue);
    offer(new Event.Unload(queue.tag));
    return queue.done;
  }

  /** What the last load on this queue failed with; null if it did not. */
  public @Nullable String loadFailure(long taskQueue) {
    return queue(taskQueue).loadFailure;
  }

  /** What the runtime of this queue tells of itself; null: nothing yet. */
  public @Nullable String status(long taskQueue) {
    return queue(taskQueue).status;
  }

  /** How many tasks are not answered. */
  public int unanswered() {
    return tasks.size();
  }

  private Queue queue(long taskQueue) {
    Queue queue = queues.get(taskQueue);
    if (queue == null) {
      throw new IllegalArgumentException("no task queue " + taskQueue);
    }
    return queue;
  }

  @Override
  public void add(long taskQueue, long tag) {
    queue(taskQueue).tag = tag;
  }

  @Override
  public boolean respond(long task, int rc, byte @Nullable [] bytes, int offset, int length) {
    Pending pending = tasks.remove(task);
    if (pending == null) {
      log.accept(LogLevel.ERROR, "respond to task " + task + " is refused: no such task");
      return false;
    }
    if (pending.arena != null) {
      pending.arena.close();
    }
    byte[] copy = null;
    if (bytes != null) {
      copy = Arrays.copyOfRange(bytes, offset, offset + length);
    }
    pending.reply.complete(new Reply(rc, copy));
    return true;
  }

  @Override
  public void log(LogLevel level, String text) {
    log.accept(level, text);
  }

  @Override
  public void done(long taskQueue) {
    queue(taskQueue).done.complete(null);
  }

  @Override
  public String options(long taskQueue) {
    return queue(taskQueue).options;
  }

  @Override
  public void status(long taskQueue, String json) {
    queue(taskQueue).status = json;
  }

  @Override
  public void loadFailed(long taskQueue, String text) {
    queue(taskQueue).loadFailure = text;
  }
}
