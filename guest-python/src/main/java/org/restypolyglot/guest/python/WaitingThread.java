package org.restypolyglot.guest.python;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.restypolyglot.core.guest.GuestLog;

/**
 * Waits for descriptors beside the guest thread, which must never block for them: calls Python's
 * {@code wait_once(recover)} until the context is closed.
 *
 * <p><b>Threads</b>: {@link #end} any. <b>Borrows</b>: the context. <b>Failure</b>: is logged, and
 * the waiting begins anew; ends when the context is closed.
 */
final class WaitingThread extends Thread {
  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Value waitOnce;
  private final GuestLog log;
  private volatile boolean ended;

  WaitingThread(String name, Value waitOnce, GuestLog log) {
    super("resty-select " + name);
    setDaemon(true);
    this.waitOnce = waitOnce;
    this.log = log;
  }

  @Override
  public void run() {
    long pauseNanos = 0;
    while (!ended) {
      try {
        waitOnce.executeVoid(pauseNanos > 0);
        pauseNanos = 0;
      } catch (Throwable failure) {
        if (ended || isClose(failure)) {
          return;
        }
        log.error("waiting for file descriptors failed and begins anew: " + failure);
        pauseNanos = Math.clamp(2 * pauseNanos, MIN_PAUSE_NANOS, MAX_PAUSE_NANOS);
        LockSupport.parkNanos(pauseNanos);
      }
    }
  }

  private static boolean isClose(Throwable failure) {
    return switch (failure) {
      case PolyglotException known -> known.isCancelled() || known.isExit();
      case IllegalStateException closed -> true;
      default -> false;
    };
  }

  /** The close of the context ends the waiting itself; this keeps it from waiting again. */
  void end() {
    ended = true;
  }
}
