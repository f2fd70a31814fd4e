package org.restypolyglot.guest.js;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;

/**
 * The executor of a Worker: what is to be run on its thread, in order, and when.
 *
 * <p><b>Threads</b>: {@link #poll} and {@link #await} on the Worker's thread, the rest on any.
 * <b>Failure</b>: after {@link #stop} code is dropped without being run.
 */
final class WorkerExecutor implements GuestExecutor {
  private record Timer(Runnable code, long atNanos, long number) {}

  // Under the lock.
  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::number));
  private long timerCount;
  private boolean stopped;

  private final long startNanos = System.nanoTime();
  private @Nullable Thread thread; // the Worker's, written once by itself

  /** The calling thread is the guest thread from now on. */
  void begin() {
    thread = Thread.currentThread();
  }

  @Override
  public synchronized void execute(Runnable code) {
    if (!stopped) {
      ready.add(code);
      notifyAll();
    }
  }

  @Override
  public synchronized Scheduled schedule(Runnable code, Duration delay) {
    if (stopped) {
      return () -> {};
    }
    Timer timer = new Timer(code, sinceStart() + delay.toNanos(), timerCount++);
    timers.add(timer);
    if (!isGuestThread()) {
      notifyAll();
    }
    return () -> cancel(timer);
  }

  private synchronized void cancel(Timer timer) {
    timers.remove(timer);
  }

  private long sinceStart() {
    return System.nanoTime() - startNanos;
  }

  @Override
  public boolean isGuestThread() {
    return thread == Thread.currentThread();
  }

  /** Nothing is run any more. */
  synchronized void stop() {
    stopped = true;
    ready.clear();
    timers.clear();
    notifyAll();
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  /** What to run now; null: nothing now. */
  synchronized @Nullable Runnable poll() {
    long now = sinceStart();
    for (Timer first = timers.peek();
        first != null && first.atNanos() <= now;
        first = timers.peek()) {
      timers.remove();
      ready.add(first.code());
    }
    return ready.poll();
  }

  /** Waits until there is something to run, or it is stopped. */
  synchronized void await() throws InterruptedException {
    while (!stopped && ready.isEmpty()) {
      Timer first = timers.peek();
      if (first == null) {
        wait();
        continue;
      }
      long nanos = first.atNanos() - sinceStart();
      if (nanos <= 0) {
        return;
      }
      wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }
  }
}
