package org.restypolyglot.core.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
   *
   * Breaking off a piece
   * --------------------
   * A piece that does not end is broken off from outside, by something that hits whatever runs in
   * the context at that moment. `inside` sees to it that this is the piece that was meant: it is 0
   * between pieces, n while piece n runs, -n while somebody holds that piece. The guest thread leaves
   * by compare-and-set from n to 0, the other holds by one from n to -n; a held piece may come to
   * its end, but the guest thread waits there until it is released. While a piece is held the
   * executor is in no ready queue and no home thread gets an order for it, so the holder may also
   * abandon the executor.
   */

  /** Takes what a piece of code threw. Must not throw. */
  @FunctionalInterface
  public interface Failures {
    void thrown(Throwable failure);
  }

  private static final int PIECES_PER_TURN = 64;
  private static final long HELD_PARK_NANOS = 100_000;
  private static final long SLOW_AT_FIRST_NANOS = Duration.ofMillis(10).toNanos();

  private final Dispatcher dispatcher;
  private final Failures failures;
  private final @Nullable HomeThread home;
  private final Runnable turn = this::runTurn;
  private final Runnable leadingTurn;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  // Written by the guest thread, and ordered by `pending`; others may see an old value, never
  // themselves.
  private @Nullable Thread guestThread;
  private final AtomicLong inside = new AtomicLong();
  private long pieceNumber; // the guest thread's, ordered by `pending`
  private volatile @Nullable Runnable last;
  private volatile boolean closed;
  private volatile long nanosPerPiece = SLOW_AT_FIRST_NANOS;

  SerialExecutor(Dispatcher dispatcher, Failures failures, @Nullable HomeThread home) {
    this.dispatcher = dispatcher;
    this.failures = failures;
    this.home = home;
    this.leadingTurn = () -> dispatcher.leadFrom(this);
  }

  @Override
  public void execute(Runnable code) {
    if (closed || last != null) {
      return;
    }
    mailbox.add(code);
    if (pending.getAndIncrement() == 0) {
      dispatcher.ready(this);
    }
  }

  /** As {@link #execute}, for code that must not be lost: waits for memory where it has to. */
  public void executeSurely(Runnable code) {
    while (true) {
      try {
        execute(code);
        return;
      } catch (OutOfMemoryError noMemory) { // and it is not in the mailbox
        EndOfMemory.pause();
      }
    }
  }

  @Override
  public Scheduled schedule(Runnable code, Duration delay) {
    return dispatcher.schedule(() -> execute(code), delay);
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

  /** {@link #runTurn}, as an order that needs no memory to be given. */
  Runnable turn() {
    return turn;
  }

  /** A turn by the thread that leads and goes on leading, as such an order. */
  Runnable leadingTurn() {
    return leadingTurn;
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
    Runnable end = last;
    if (end != null) {
      last = null;
      code = end;
    } else if (code == null || closed) {
      return;
    }
    guestThread = Thread.currentThread();
    long number = ++pieceNumber;
    inside.set(number);
    try {
      code.run();
    } catch (Throwable failure) { // also an Error: the poll role must not die of a guest's failure
      report(failure);
    } finally {
      if (!inside.compareAndSet(number, 0)) {
        leaveWhenReleased(number);
      }
      guestThread = null;
    }
  }

  private void leaveWhenReleased(long number) {
    do {
      LockSupport.parkNanos(this, HELD_PARK_NANOS);
      clearInterrupt();
    } while (!inside.compareAndSet(number, 0));
    clearInterrupt();
  }

  /** An interrupt of the piece that is over must not hit the next one. */
  private static void clearInterrupt() {
    Thread.interrupted();
  }

  /** The number of the piece that runs now, 0 for none. */
  public long piece() {
    return Math.abs(inside.get());
  }

  /** Keeps the thread that runs this piece from starting another; false: the piece is over. */
  public boolean hold(long piece) {
    return inside.compareAndSet(piece, -piece);
  }

  /** Ends a {@link #hold}. */
  public void release(long piece) {
    inside.compareAndSet(-piece, piece);
  }

  /**
   * Drops what waits and all that comes later, but for {@code end}, which the guest thread runs
   * when the held piece is over, if that ever happens.
   */
  public void abandon(long piece, Runnable end) {
    if (inside.get() != -piece) {
      throw new IllegalStateException("piece " + piece + " is not held");
    }
    mailbox.add(end);
    last = end;
    pending.getAndIncrement();
  }

  private void report(Throwable failure) {
    try {
      failures.thrown(failure);
    } catch (Throwable _) {
      // out of memory, most likely: there is nobody left to tell, and nothing to tell it with
    }
  }

  private void note(long start, int pieces) {
    long average = nanosPerPiece;
    nanosPerPiece = average + ((System.nanoTime() - start) / pieces - average) / 8;
  }
}
