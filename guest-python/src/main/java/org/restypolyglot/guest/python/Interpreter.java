package org.restypolyglot.guest.python;

import com.oracle.graal.python.runtime.EmulatedPosixSupport;
import com.oracle.graal.python.runtime.PythonContext;
import org.graalvm.polyglot.Context;

/**
 * GraalPy beneath a context, for what the polyglot API has no name for. None of it is an interface
 * of GraalPy's: each new version of it needs a look here.
 *
 * <p><b>Threads</b>: {@link #of} one that may enter the context; the rest any. <b>Borrows</b>: the
 * context. <b>Failure</b>: none.
 */
final class Interpreter {
  private static final int FIRST_DESCRIPTOR = 3;
  private static final int MAX_DESCRIPTORS = 1 << 16;

  private final PythonContext python;

  private Interpreter(PythonContext python) {
    this.python = python;
  }

  /** The interpreter of a context that Python has run in. */
  static Interpreter of(Context context) {
    context.enter();
    try {
      return new Interpreter(PythonContext.get(null));
    } finally {
      context.leave();
    }
  }

  /**
   * Makes the threads of the context take turns: every 50 ms one that computes gives the
   * interpreter lock to one that waits for it. GraalPy 25.0.3 does this by itself for the first
   * context of an engine that has a second thread, and forgets it for all later ones, where a
   * thread that computes then keeps the lock, and every handler waits. Call once.
   */
  void shareGil() {
    python.initializeMultiThreading();
  }

  /** Closes what the guest has left open; GraalPy does not, when its context is closed. */
  void closeDescriptors() {
    if (python.getPosixSupport() instanceof EmulatedPosixSupport posix) {
      for (int descriptor = FIRST_DESCRIPTOR; descriptor < MAX_DESCRIPTORS; descriptor++) {
        posix.close(descriptor);
      }
    }
  }
}
