package org.restypolyglot.core.host;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.LogLevel;

/**
 * nginx's side: task queues, replies, the log.
 *
 * <p><b>Threads</b>: any, for all methods; {@link #poll} is meant for one thread at a time. <b>
 * Owns</b>: task queues and requests. <b>Failure</b>: no method throws for a stale handle (what is
 * refused is logged by the host) but {@link #add}; {@link #poll} never throws.
 */
public interface Host {

  /** At most so many events come out of one {@link #poll}, about. */
  int BATCH = 64;

  /** Events of the queue {@code taskQueue} come out of {@link #poll} with {@code tag} from now. */
  void add(long taskQueue, long tag);

  /**
   * Adds the events that are there to {@code events}; waits for the first one, at most {@code
   * timeout}, or until {@link #wake}.
   *
   * @param timeout zero: does not wait; null: as long as it takes
   */
  void poll(List<Event> events, @Nullable Duration timeout);

  /** Makes the poll that waits, or else the next one, return at once. */
  void wake();

  /**
   * Blocks until a queue that was not added has a task; its handle, or 0 when the queue has ended
   * or was added.
   */
  long pollTask(long taskQueue);

  /**
   * A copy of the request of a task that came out of {@link #pollTask} and is not answered, nor is
   * meanwhile; null for a nil request.
   */
  byte @Nullable [] request(long task);

  /**
   * Answers a task with a copy of {@code bytes[offset, offset + length)}.
   *
   * @param rc 0 for success
   * @param bytes null for a nil reply
   * @return whether the host took it; a task that is not there any more is no error
   */
  boolean respond(long task, int rc, byte @Nullable [] bytes, int offset, int length);

  /** Each line of {@code text} becomes a line of error.log. */
  void log(LogLevel level, String text);

  /** Whether this worker is about to end, once its calls are answered. */
  default boolean isEnding() {
    return false;
  }

  /**
   * After {@link Event.Unload}, or where {@link #pollTask} gives 0: the runtime has answered its
   * tasks and cleaned up.
   */
  void done(long taskQueue);

  /** The options of the runtime behind the queue, as JSON; {@code "{}"} where the host has none. */
  String options(long taskQueue);

  /** What Lua's {@code __status()} tells of the runtime from now on, a JSON object. */
  void status(long taskQueue, String json);

  /** During a load that is about to fail: the text that goes with its {@code rc}. */
  void loadFailed(long taskQueue, String text);
}
