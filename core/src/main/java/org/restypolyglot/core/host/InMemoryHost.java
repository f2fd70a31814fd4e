package org.restypolyglot.core.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
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
      Queue queue,
      @Nullable Arena arena,
      @Nullable MemorySegment request,
      CompletableFuture<Reply> reply,
      long task) {}

  /** What every poller of a queue gets that has ended, or was added. */
  private static final long ENDED = 0;

  private static final class Queue {
    final String options;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final BlockingQueue<Long> own = new LinkedBlockingQueue<>(); // while it is not added
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

  /**
   * Posts a task; the future completes with its reply. The queue has to be added already, or its
   * runtime polls it itself.
   */
  public CompletableFuture<Reply> call(
      long taskQueue, String method, byte @Nullable [] request, @Nullable Duration timeout) {
    Queue queue = queue(taskQueue);
    long task = handles.incrementAndGet();
    Arena arena = request == null ? null : Arena.ofShared();
    MemorySegment bytes = null;
    if (arena != null && request != null) {
      bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, request).asReadOnly();
    }
    Pending pending = new Pending(queue, arena, bytes, new CompletableFuture<>(), task);
    tasks.put(task, pending);
    if (queue.tag < 0) {
      queue.own.add(task);
      return pending.reply;
    }
    long deadlineMillis =
        timeout == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() + timeout.toNanos());
    offer(new Event.Call(queue.tag, task, method, bytes, deadlineMillis));
    return pending.reply;
  }

  /** Tells the runtime that nobody waits for the call with this future any more. */
  public void cancel(CompletableFuture<Reply> call, CancelReason reason) {
    for (Pending pending : tasks.values()) {
      if (pending.reply == call && pending.queue.tag >= 0) {
        offer(new Event.Cancel(pending.queue.tag, pending.task, reason));
      }
    }
  }

  /** Ends a queue; the future completes when its runtime has cleaned up. */
  public CompletableFuture<Void> unload(long taskQueue) {
    Queue queue = queue(taskQueue);
    if (queue.tag < 0) {
      queue.own.add(ENDED);
    } else {
      offer(new Event.Unload(queue.tag));
    }
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
    Queue queue = queue(taskQueue);
    queue.tag = tag;
    queue.own.add(ENDED);
  }

  @Override
  public long pollTask(long taskQueue) {
    Queue queue = queues.get(taskQueue);
    if (queue == null) {
      return ENDED;
    }
    while (true) {
      try {
        long task = queue.own.take();
        if (task == ENDED) {
          queue.own.add(ENDED); // for the others
        }
        return task;
      } catch (InterruptedException e) {
        // a native host's poll does not end either
      }
    }
  }

  @Override
  public byte @Nullable [] request(long task) {
    Pending pending = tasks.get(task);
    MemorySegment request = pending == null ? null : pending.request;
    return request == null ? null : request.toArray(ValueLayout.JAVA_BYTE);
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
    queue(taskQueue).own.add(ENDED);
    queue(taskQueue).loadFailure = text;
  }
}
