package org.restypolyglot.core.dispatch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Takes the poll role away from a leader that is inside a guest for too long, so that at every
 * moment a thread polls, or will soon, without the guest's help.
 *
 * <p><b>Threads</b>: {@link #enter} and {@link #leave} by the leader only; {@link #close} by any.
 * <b>Owns</b>: one daemon thread, silent while nothing enters guests. <b>Failure</b>: where no
 * thread can be had for the role, it tries again until there is one.
 */
final class RoleWatch implements AutoCloseable {
  /*
   * One word decides
   * ----------------
   * `inside` is 0, or the ticket of the leader's stay: the time of entry, made unique. The leader
   * leaves by compare-and-set from its ticket to 0, the watch takes the role in the same way, so
   * exactly one of them wins, and the leader knows which.
   *
   * Armed once per busy period
   * --------------------------
   * While leaders enter guests the watch looks every TICK. After some ticks without an entry it sets
   * `silent` and parks for good; the next enter() that sees `silent` wakes it. enter() writes
   * `inside` before it reads `silent`, the watch writes `silent` before it reads `inside`, all
   * sequentially consistent, so one of them sees the other.
   */

  private static final long TICK_NANOS = 400_000;

  /** A stay of this length costs the role. TICK + LIMIT + a wake-up stay below 1 ms. */
  private static final long LIMIT_NANOS = 300_000;

  private static final int QUIET_TICKS = 20;

  private final BooleanSupplier appoint;
  private final AtomicLong inside = new AtomicLong();
  private final long origin = System.nanoTime();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("resty-watch").unstarted(this::run);
  private volatile boolean silent;
  private volatile boolean closed;
  private long lastTicket; // the leader's; the role's hand-over orders it

  /**
   * Makes a watch that is not started.
   *
   * @param appoint gives the role to another thread; false where there is none to be had
   */
  RoleWatch(BooleanSupplier appoint) {
    this.appoint = appoint;
  }

  void start() {
    thread.start();
  }

  /** The leader is about to enter a guest. Returns the ticket to leave with. */
  long enter() {
    long ticket = Math.max(System.nanoTime() - origin, lastTicket + 1);
    lastTicket = ticket;
    inside.set(ticket);
    if (silent) {
      silent = false;
      LockSupport.unpark(thread);
    }
    return ticket;
  }

  /** The leader is back. Returns whether it still has the role. */
  boolean leave(long ticket) {
    return inside.compareAndSet(ticket, 0);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    int quiet = 0;
    while (!closed) {
      long ticket = inside.get();
      if (ticket != 0) {
        quiet = 0;
        long left = LIMIT_NANOS - (System.nanoTime() - origin - ticket);
        if (left > 0) {
          LockSupport.parkNanos(this, left);
        } else if (inside.compareAndSet(ticket, 0)) {
          appointSomebody();
        }
      } else if (quiet++ < QUIET_TICKS) {
        LockSupport.parkNanos(this, TICK_NANOS);
      } else {
        silent = true;
        if (inside.get() == 0 && !closed) {
          LockSupport.park(this);
        }
        silent = false;
        quiet = 0;
      }
    }
  }

  private void appointSomebody() {
    while (!closed && !appoint.getAsBoolean()) {
      LockSupport.parkNanos(this, TICK_NANOS);
    }
  }
}
