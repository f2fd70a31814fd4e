package org.restypolyglot.guest.js;

import com.oracle.truffle.js.runtime.JSAgent;
import com.oracle.truffle.js.runtime.JSAgentWaiterList.JSAgentWaiterListEntry;
import com.oracle.truffle.js.runtime.JSAgentWaiterList.WaiterRecord;
import java.time.Duration;
import org.restypolyglot.core.guest.GuestExecutor;

/**
 * The engine's agent of a context whose guest thread is an executor's: {@code Atomics.wait} may
 * block it, and {@code Atomics.waitAsync} is told of through the executor.
 *
 * <p><b>Threads</b>: {@link #wake} and {@link #enqueueWaitAsyncPromiseJob} on any, the rest on the
 * guest thread. <b>Borrows</b>: the executor. <b>Failure</b>: none.
 */
final class LoopAgent extends JSAgent {
  private static final Duration LONGEST = Duration.ofDays(1);

  private final GuestExecutor executor;
  private final Runnable enter;

  /**
   * @param enter enters the context and leaves it, which settles what can be settled; on the guest
   *     thread
   */
  LoopAgent(GuestExecutor executor, Runnable enter) {
    super(true);
    this.executor = executor;
    this.enter = enter;
  }

  @Override
  public void wake() {
    executor.execute(enter);
  }

  /** A waiter that was notified, on the thread that has done so; or one whose time will be up. */
  @Override
  public void enqueueWaitAsyncPromiseJob(WaiterRecord waiter) {
    if (!executor.isGuestThread()) {
      executor.execute(() -> enqueue(waiter));
      return;
    }
    super.enqueueWaitAsyncPromiseJob(waiter);
    double millis = waiter.getTimeout();
    if (millis < LONGEST.toMillis()) {
      executor.schedule(enter, Duration.ofNanos((long) (millis * 1e6) + 1_000_000));
    }
  }

  /** The engine looks at a waiter with the lock of its list only. */
  private void enqueue(WaiterRecord waiter) {
    JSAgentWaiterListEntry list = waiter.getWaiterListEntry();
    list.enterCriticalSection();
    try {
      super.enqueueWaitAsyncPromiseJob(waiter);
    } finally {
      list.leaveCriticalSection();
    }
  }
}
