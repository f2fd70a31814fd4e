package org.restypolyglot.guest.python;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.restypolyglot.core.guest.GuestLog;

/**
 * Waits for descriptors beside the guest thread, which must never block for them: calls Python's
 * {@code wait_once(recover) -> bool} until that returns False.
 *
 * <p><b>Threads</b>: {@link #end} any. <b>Borrows</b>: the context. <b>Failure</b>: is logged, and
 * the waiting begins anew; ends when the context is closed.
 */
final class WaitingThread extends Thread {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

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
    boolean recover = false;
    while (!ended) {
      try {
        if (!waitOnce.execute(recover).asBoolean()) {
          return;
        }
        recover = false;
      } catch (Throwable failure) {
        if (ended || isClose(failure)) {
          return;
        }
        log.error("waiting for file descriptors failed and begins anew: " + failure);
        recover = true;
        LockSupport.parkNanos(PAUSE_NANOS);
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

  /** Python ends the waiting itself; this keeps it from waiting again. */
  void end() {
    ended = true;
  }
}
