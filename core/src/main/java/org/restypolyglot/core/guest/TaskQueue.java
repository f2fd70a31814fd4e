package org.restypolyglot.core.guest;

import org.jspecify.annotations.Nullable;

/**
 * The runtime's task queue, for a guest that polls for its tasks itself instead of handling what
 * core gives it (see {@link Guest#pollsItself}).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: a handle that is no task of this queue, or is answered
 * already, is refused with a log line and harms nothing.
 */
public interface TaskQueue {

  /** The host's handle of the queue. */
  long handle();

  /**
   * Blocks until a task is there; its handle, or 0 when no more will come: each poller gets that.
   */
  long poll() throws InterruptedException;

  /** A copy of the request; null for a nil request. */
  byte @Nullable [] request(long task);

  /**
   * Answers a task, once.
   *
   * @param rc 0 for success
   * @param bytes null for nil
   * @return whether it was taken
   */
  boolean respond(long task, int rc, byte @Nullable [] bytes);
}
