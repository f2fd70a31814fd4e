package org.restypolyglot.core.guest;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs code on the guest thread: in order, never two pieces at the same time, never inside one
 * another. Timers, I/O completions and settled promises enter a guest through it.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: what a piece of code throws is logged; after the guest is
 * closed, code is dropped without being run.
 */
public interface GuestExecutor extends Executor {

  /** A scheduled piece of code. */
  @FunctionalInterface
  interface Scheduled {
    /** Takes it back, if it has not begun. Any thread; more than once is fine. */
    void cancel();
  }

  /** Runs {@code code} on the guest thread as soon as that is free. */
  @Override
  void execute(Runnable code);

  /** Runs {@code code} on the guest thread after {@code delay}, not earlier. */
  Scheduled schedule(Runnable code, Duration delay);

  /** Whether the calling thread is the guest thread now. */
  boolean isGuestThread();

  /**
   * @throws IllegalStateException if the calling thread is not the guest thread
   */
  default void requireGuestThread() {
    if (!isGuestThread()) {
      throw new IllegalStateException(
          "only the guest thread may do this, not " + Thread.currentThread());
    }
  }
}
