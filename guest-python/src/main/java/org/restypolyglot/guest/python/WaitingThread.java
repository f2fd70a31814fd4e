package org.restypolyglot.guest.python;

import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * Waits for descriptors beside the guest thread, which must never block for them.
 *
 * <p>It calls Python's {@code wait_once() -> bool} until that returns False. GraalPy's {@code
 * select} dies of an internal error, which Python code cannot catch, when a descriptor is closed
 * meanwhile; then {@code recover()} is called, and the waiting goes on.
 *
 * <p><b>Threads</b>: {@link #end} any. <b>Borrows</b>: the context. <b>Failure</b>: ends when the
 * context is closed.
 */
final class WaitingThread extends Thread {
  private final Value waitOnce;
  private final Value recover;
  private volatile boolean ended;

  WaitingThread(String name, Value waitOnce, Value recover) {
    super("resty-select " + name);
    setDaemon(true);
    this.waitOnce = waitOnce;
    this.recover = recover;
  }

  @Override
  public void run() {
    try {
      while (!ended && waitAndRecover()) {}
    } catch (PolyglotException | IllegalStateException contextClosed) {
      ended = true;
    }
  }

  private boolean waitAndRecover() {
    try {
      return waitOnce.execute().asBoolean();
    } catch (PolyglotException failure) {
      if (failure.isCancelled() || failure.isExit() || ended) {
        return false;
      }
      recover.executeVoid();
      return true;
    }
  }

  /** What Python waits for has to be ended by Python. */
  void end() {
    ended = true;
  }
}
