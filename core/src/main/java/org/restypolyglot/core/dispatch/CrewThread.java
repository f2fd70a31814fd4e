package org.restypolyglot.core.dispatch;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the dispatcher's: it waits for an order, carries it out, and waits again.
 *
 * <p><b>Threads</b>: {@link #order} and {@link #end} on any. <b>Failure</b>: an order that throws
 * ends up with the thread's uncaught exception handler; orders catch what guests throw, so that is
 * a bug of ours.
 */
class CrewThread extends Thread {

  /** Explicit, as the stack limits how deep a guest may recurse, whoever made the thread. */
  private static final long STACK_BYTES = 8L << 20;

  private final AtomicReference<@Nullable Runnable> order = new AtomicReference<>();
  private volatile boolean ended;

  CrewThread(String name) {
    super(null, null, name, STACK_BYTES);
    setDaemon(true);
  }

  /** Gives the thread something to do; only while it waits, or is about to. */
  final void order(Runnable work) {
    if (!order.compareAndSet(null, work)) {
      throw new IllegalStateException(getName() + " has an order already");
    }
    LockSupport.unpark(this);
  }

  /** Lets the thread end once it has no order. */
  final void end() {
    ended = true;
    LockSupport.unpark(this);
  }

  @Override
  public final void run() {
    while (true) {
      Runnable work = order.getAndSet(null);
      if (work != null) {
        work.run();
        Thread.interrupted(); // a guest's; set, it would keep park() awake
        rest();
      } else if (ended) {
        return;
      } else {
        LockSupport.park(this);
      }
    }
  }

  /** Called after each order: makes the thread known as free. */
  void rest() {}
}
