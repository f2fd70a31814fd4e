package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.PythonBuiltinClassType;
import com.oracle.graal.python.nodes.PRaiseNode;
import com.oracle.truffle.api.ThreadLocalAction;
import com.oracle.truffle.api.strings.TruffleString;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Raises KeyboardInterrupt in the user's code that the home thread runs.
 *
 * <p><b>Threads</b>: the constructor, {@link #enter}, {@link #takeHasRaised} and {@link #leave} the
 * home thread; {@link #interrupt} any other. <b>Borrows</b>: the context. <b>Failure</b>: none.
 */
final class Interruption {
  /*
   * Not by Context.interrupt
   * ------------------------
   * That ends all threads of the guest, the ones of its executors too, runs no `finally` and leaves
   * Python's locks broken. What GraalPy does for PyThreadState_SetAsyncExc is done here: an action
   * that the thread performs at its next safepoint, or that gets it out of what it waits in.
   *
   * A stay
   * ------
   * `stay` is odd while the home thread is inside the context, and differs for each stay. The action
   * looks whether it is still the stay that it was meant for, so it never hits a later call; and
   * whether the user's code runs, as ours would leave things half done.
   *
   * In compiled code
   * ----------------
   * What is raised in a compiled loop leaves its function at once, without the function's `except`
   * and `finally` clauses and `with` blocks: the compiler puts the safepoints of loops where nothing
   * is caught. So the first time that the action is performed it only has the code of all functions
   * that run forgotten, and raises at the next safepoint, which is the interpreter's.
   *
   * Blocked in Java
   * ---------------
   * GraalPy reads from sockets without a safepoint. A thread that comes to none is interrupted as a
   * Java thread, too; the JDK then closes its socket. That must not outlast the stay: interrupt()
   * writes `javaInterrupt` before it looks at `stay`, leave() writes `stay` before it looks at
   * `javaInterrupt`, both volatile, so one of them sees the other.
   */

  private static final TruffleString TEXT =
      TruffleString.fromJavaStringUncached("interrupted", TruffleString.Encoding.UTF_32);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** A thread that has come to no safepoint for this time is blocked. */
  private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * What was caught, or got lost in a callback of the garbage collector or on the deepest level of
   * a recursion, is raised again; code that tidies up has this time.
   */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Thread home = Thread.currentThread();
  private final AtomicLong stay = new AtomicLong();
  private final Interpreter interpreter;
  private volatile boolean javaInterrupt;
  private boolean hasRaised; // the home thread's

  Interruption(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  /** The home thread is about to enter the context. */
  void enter() {
    stay.lazySet(stay.getPlain() + 1);
  }

  /** Whether something was broken off since the last call of this. The home thread. */
  boolean takeHasRaised() {
    boolean taken = hasRaised;
    hasRaised = false;
    return taken;
  }

  /** The home thread is back. */
  void leave() {
    stay.set(stay.getPlain() + 1);
    if (javaInterrupt) {
      forgetJavaInterrupt();
    }
  }

  private synchronized void forgetJavaInterrupt() {
    javaInterrupt = false;
    Thread.interrupted();
  }

  /** Returns whether what runs inside now ends within {@code patience}. */
  boolean interrupt(Duration patience) {
    long interrupted = stay.get();
    if (interrupted % 2 == 0) {
      return true;
    }
    Raise raise = new Raise(interrupted);
    Future<Void> action = interpreter.submit(home, raise);
    long start = System.nanoTime();
    long again = AGAIN_NANOS;
    boolean blocked = false;
    for (long waited = 0;
        waited < patience.toNanos() && stay.get() == interrupted;
        waited = System.nanoTime() - start) {
      if (waited >= again) {
        raise.raised = false;
        again += AGAIN_NANOS;
      }
      if (!raise.raised && !blocked && System.nanoTime() - raise.performedAt >= BLOCKED_NANOS) {
        blocked = true;
        interruptJava(raise);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    action.cancel(false);
    return stay.get() != interrupted;
  }

  private synchronized void interruptJava(Raise raise) {
    javaInterrupt = true;
    if (!raise.raised && stay.get() == raise.interrupted) {
      home.interrupt();
    }
  }

  private final class Raise extends ThreadLocalAction {
    final long interrupted;
    volatile boolean raised;
    volatile long performedAt = System.nanoTime(); // the last time; at first, when it was made
    private boolean interpreted; // the home thread's

    Raise(long interrupted) {
      super(true, false, true);
      this.interrupted = interrupted;
    }

    @Override
    protected void perform(Access access) {
      performedAt = System.nanoTime();
      if (!raised && stay.getPlain() == interrupted && interpreter.isInUsersCode()) {
        if (!interpreted) {
          interpreted = true;
          interpreter.forgetCompiledCode();
          return;
        }
        raised = true;
        hasRaised = true;
        if (javaInterrupt) {
          forgetJavaInterrupt();
        }
        throw PRaiseNode.raiseStatic(null, PythonBuiltinClassType.KeyboardInterrupt, TEXT);
      }
    }
  }
}
