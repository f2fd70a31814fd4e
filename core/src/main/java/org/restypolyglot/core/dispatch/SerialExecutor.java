package org.restypolyglot.core.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;

/**
 * The executor of one context: a mailbox that one thread at a time empties, in turns.
 *
 * <p><b>Threads</b>: {@link #execute}, {@link #schedule} and {@link #close} on any; {@link
 * #runTurn} only on the thread that took this executor out of the dispatcher's ready queue.
 * <b>Owns</b>: its mailbox; its home thread, if it has one, which ends with {@link #close}.
 * <b>Failure</b>: what the code throws goes to the {@code failures} handler; a turn goes on with
 * the next piece.
 */
public final class SerialExecutor implements GuestExecutor {
  /*
   * How it works
   * ------------
   * `pending` counts the pieces in the mailbox, the one that runs included. Whoever raises it from
   * 0 puts the executor into the dispatcher's ready queue; so it stands there, or is run by one
   * thread, exactly while `pending` is above 0. The thread that runs a turn lowers it after each
   * piece, and when the turn ends above 0 puts the executor back. There is no other state.
   *
   * How long a turn takes
   * ---------------------
   * `nanosPerPiece` is a moving average, written at the end of a turn. The dispatcher gives the poll
   * role away before it enters an executor whose pieces are slow. A new executor counts as slow, as
   * its first piece loads a guest.
   */

  /** Takes what a piece of code threw. Must not throw. */
  @FunctionalInterface
  public interface Failures {
    void thrown(Throwable failure);
  }

  private static final int PIECES_PER_TURN = 64;
  private static final long SLOW_AT_FIRST_NANOS = Duration.ofMillis(10).toNanos();

  private final Dispatcher dispatcher;
  private final Failures failures;
  private final @Nullable HomeThread home;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  // Written by the guest thread, and ordered by `pending`; others may see an old value, never
  // themselves.
  private @Nullable Thread guestThread;
  private volatile boolean closed;
  private volatile long nanosPerPiece = SLOW_AT_FIRST_NANOS;

  SerialExecutor(Dispatcher dispatcher, Failures failures, @Nullable HomeThread home) {
    this.dispatcher = dispatcher;
    this.failures = failures;
    this.home = home;
  }

  @Override
  public void execute(Runnable code) {
    if (closed) {
      return;
    }
    mailbox.add(code);
    if (pending.getAndIncrement() == 0) {
      dispatcher.ready(this);
    }
  }

  @Override
  public Scheduled schedule(Runnable code, Duration delay) {
    ScheduledFuture<?> timer =
        dispatcher
            .timers()
            .schedule(() -> execute(code), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public boolean isGuestThread() {
    return guestThread == Thread.currentThread();
  }

  /**
   * Drops what is in the mailbox and all that comes later. On the guest thread only: so the
   * executor is in no ready queue meanwhile, and nobody gives an order to a home thread that ends.
   */
  public void close() {
    requireGuestThread();
    closed = true;
    if (home != null) {
      home.end();
    }
  }

  /** The only thread that may run a turn; null where any may, as there is none or it is closed. */
  @Nullable HomeThread home() {
    return closed ? null : home;
  }

  /** What a piece of code took on average lately. */
  long nanosPerPiece() {
    return nanosPerPiece;
  }

  /** Runs pieces until the mailbox is empty or the turn is long enough. */
  void runTurn() {
    long start = System.nanoTime();
    int pieces = 0;
    int left;
    do {
      runPiece();
      pieces++;
      left = pending.decrementAndGet();
    } while (left > 0 && pieces < PIECES_PER_TURN);
    // With `left` 0 another thread may run a turn by now; a lost update of the average is harmless.
    note(start, pieces);
    if (left > 0) {
      dispatcher.ready(this);
    }
  }

  private void runPiece() {
    Runnable code = mailbox.poll();
    if (code == null || closed) {
      return;
    }
    guestThread = Thread.currentThread();
    try {
      code.run();
    } catch (Throwable failure) { // also an Error: the poll role must not die of a guest's failure
      report(failure);
    } finally {
      guestThread = null;
    }
  }

  private void report(Throwable failure) {
    try {
      failures.thrown(failure);
    } catch (Throwable again) { // out of memory, most likely: there is nobody left to tell
      again.addSuppressed(failure);
    }
  }

  private void note(long start, int pieces) {
    long average = nanosPerPiece;
    nanosPerPiece = average + ((System.nanoTime() - start) / pieces - average) / 8;
  }
}
