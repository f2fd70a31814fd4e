package org.restypolyglot.core.runtime;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.TaskQueue;
import org.restypolyglot.core.host.Host;

/**
 * The task queue of a runtime that polls it itself.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the thread that polls the host; it ends when the host ends
 * the queue. <b>Borrows</b>: the host. <b>Failure</b>: as {@link TaskQueue}.
 */
final class PolledQueue implements TaskQueue {
  /*
   * A thread of its own
   * -------------------
   * The host's poll blocks in native code, from which nothing but the host can fetch a thread back.
   * A guest's thread must not be lost there: it has to come out when its context ends. So one thread
   * of ours polls the host, from the first poll of the guest's on, and the guest's threads wait for
   * it in Java, where they can be interrupted. It also learns of the end when no guest polls.
   *
   * Until a task is answered its request's memory is the host's, so request() and respond() of one
   * task exclude each other, by the map's lock for its key.
   */
  private static final long ENDED = 0;

  private final Host host;
  private final long taskQueue;
  private final GuestLog log;
  private final BlockingQueue<Long> polled = new LinkedBlockingQueue<>();
  private final Map<Long, Boolean> unanswered = new ConcurrentHashMap<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

  PolledQueue(Host host, long taskQueue, GuestLog log) {
    this.host = host;
    this.taskQueue = taskQueue;
    this.log = log;
  }

  @Override
  public long handle() {
    return taskQueue;
  }

  /** Begins to poll the host, if it does not yet. */
  void start() {
    if (started.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("resty-task-poll").start(this::pollHost);
    }
  }

  private void pollHost() {
    Runnable end = () -> polled.add(ENDED); // made while there is memory
    for (long task = host.pollTask(taskQueue); task != ENDED; task = host.pollTask(taskQueue)) {
      take(task);
    }
    EndOfMemory.outlast(end);
    ended.complete(null);
    checkDrained();
  }

  private void take(long task) {
    Long key = null;
    try {
      key = task;
      unanswered.put(key, true);
      polled.add(key);
    } catch (OutOfMemoryError noMemory) { // this call fails; polling goes on
      if (key != null) {
        unanswered.remove(key);
      }
      host.respond(task, GuestException.RC, null, 0, 0);
    }
  }

  private void checkDrained() {
    if (ended.isDone() && unanswered.isEmpty()) {
      drained.complete(null);
    }
  }

  /** No more tasks will come. */
  CompletionStage<@Nullable Void> whenEnded() {
    return ended;
  }

  /** No more tasks will come, and all are answered, or are not waited for. */
  CompletionStage<@Nullable Void> whenDrained() {
    return drained;
  }

  /** Waits for no more answers. */
  void giveUp() {
    drained.complete(null);
  }

  int unanswered() {
    return unanswered.size();
  }

  @Override
  public long poll() throws InterruptedException {
    start();
    long task = polled.take();
    if (task == ENDED) {
      polled.add(ENDED); // for the others
    }
    return task;
  }

  @Override
  public byte @Nullable [] request(long task) {
    byte[][] found = new byte[1][];
    Boolean known =
        unanswered.computeIfPresent(
            task,
            (key, value) -> {
              found[0] = host.request(key);
              return value;
            });
    if (known == null) {
      refuse("get_req()", task);
    }
    return found[0];
  }

  @Override
  public boolean respond(long task, int rc, byte @Nullable [] bytes) {
    if (unanswered.remove(task) == null) {
      refuse("respond()", task);
      return false;
    }
    try {
      return host.respond(task, rc, bytes, 0, bytes == null ? 0 : bytes.length);
    } finally {
      checkDrained();
    }
  }

  private void refuse(String what, long task) {
    log.error("%s refused: 0x%x is no task that awaits a reply".formatted(what, task));
  }
}
