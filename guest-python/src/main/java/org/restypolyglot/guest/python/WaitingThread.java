package org.restypolyglot.guest.python;

import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * Waits for descriptors beside the guest thread, which must never block for them: calls Python's
 * {@code wait_once() -> bool} until that returns False.
 *
 * <p><b>Threads</b>: {@link #end} any. <b>Borrows</b>: the context. <b>Failure</b>: ends when the
 * context is closed.
 */
final class WaitingThread extends Thread {
  private final Value waitOnce;
  private volatile boolean ended;

  WaitingThread(String name, Value waitOnce) {
    super("resty-select " + name);
    setDaemon(true);
    this.waitOnce = waitOnce;
  }

  @Override
  public void run() {
    try {
      while (!ended && waitOnce.execute().asBoolean()) {}
    } catch (PolyglotException | IllegalStateException contextClosed) {
      ended = true;
    }
  }

  /** Python ends the waiting itself; this keeps it from waiting again. */
  void end() {
    ended = true;
  }
}
