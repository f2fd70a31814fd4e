package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.Dispatcher;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestExecutor.Scheduled;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;

/**
 * The tasks that one generation has taken and not answered.
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the host, which gets each answer once. <b>Failure</b>: an
 * answer is given, and its task forgotten, even when memory is out.
 */
final class TaskTable {
  /**
   * How long a cancelled handler may still run before it is no longer waited for. The guest has
   * been told; but a handler that never settles must not keep the runtime from draining, nor hold
   * one of its {@code max_queue} places for ever. Its late reply has no effect.
   */
  static final Duration CANCELLED_GRACE = Duration.ofSeconds(5);

  private final Host host;
  private final Dispatcher dispatcher;
  private final Runnable whenEmpty;
  private final Map<Long, Task> tasks = new ConcurrentHashMap<>();
  private final Map<Long, Scheduled> graces = new ConcurrentHashMap<>();

  /**
   * Makes an empty table.
   *
   * @param whenEmpty called by the thread that answers the last task
   */
  TaskTable(Host host, Dispatcher dispatcher, Runnable whenEmpty) {
    this.host = host;
    this.dispatcher = dispatcher;
    this.whenEmpty = whenEmpty;
  }

  /** Takes a new task; where that throws, it has not. */
  Task take(Event.Call call) {
    Task task =
        new Task(call.task(), call.method(), call.request(), call.deadlineMillis(), this::answer);
    try {
      tasks.put(task.handle(), task);
    } catch (OutOfMemoryError noMemory) { // it may be there, and the host is answered by others
      tasks.remove(task.handle(), task);
      throw noMemory;
    }
    return task;
  }

  /** Takes over a task that no guest has got yet; null: one has, or it is answered. */
  @Nullable Task adopt(Task task) {
    Task mine = task.reissue(this::answer);
    if (mine != null) {
      try {
        tasks.put(mine.handle(), mine);
      } catch (OutOfMemoryError noMemory) { // nobody else answers it any more
        mine.failForMemory();
      }
    }
    return mine;
  }

  /** After another table has adopted the task. */
  void forget(Task task) {
    tasks.remove(task.handle(), task);
  }

  /** Marks a task; null: it is not here. */
  @Nullable Task cancel(long handle, CancelReason reason) {
    Task task = tasks.get(handle);
    if (task != null) {
      task.markCancelled(reason);
      graces.put(task.handle(), dispatcher.schedule(task::drop, CANCELLED_GRACE));
      if (task.isAnswered()) {
        endGrace(task);
      }
    }
    return task;
  }

  private void answer(Task task, int rc, byte @Nullable [] bytes, int offset, int length) {
    host.respond(task.handle(), rc, bytes, offset, length);
    tasks.remove(task.handle(), task);
    if (task.cancelReason() != null) {
      endGrace(task);
    }
    if (tasks.isEmpty()) {
      whenEmpty.run();
    }
  }

  private void endGrace(Task task) {
    Scheduled grace = graces.remove(task.handle());
    if (grace != null) {
      grace.cancel();
    }
  }

  /** A live view. */
  Collection<Task> all() {
    return tasks.values();
  }

  int size() {
    return tasks.size();
  }
}
