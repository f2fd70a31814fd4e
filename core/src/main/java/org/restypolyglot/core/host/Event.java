package org.restypolyglot.core.host;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;

/** What a poll of the host yields; each is about one task queue, known by its tag. */
public sealed interface Event {

  /** As given to {@link Host#add}. */
  long tag();

  /**
   * A task to answer exactly once.
   *
   * @param task the host's handle
   * @param method the name that Lua called
   * @param request borrowed from the host until the task is answered; null for a nil request
   * @param deadlineMillis on the clock of {@link System#nanoTime}, in milliseconds; 0 for none
   */
  record Call(
      long tag, long task, String method, @Nullable MemorySegment request, long deadlineMillis)
      implements Event {}

  /** Nobody waits for the task any more; it still has to be answered. */
  record Cancel(long tag, long task, CancelReason reason) implements Event {}

  /** No more tasks of this queue will come. */
  record Unload(long tag) implements Event {}
}
