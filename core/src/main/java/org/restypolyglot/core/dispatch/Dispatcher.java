package org.restypolyglot.core.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.restypolyglot.core.guest.GuestExecutor.Scheduled;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;

/**
 * Polls the host and runs the executors that have something to do, with one poll thread for all.
 *
 * <p><b>Threads</b>: all public methods on any. <b>Owns</b>: the crew (poll thread, spare threads,
 * home threads), the watch and the timer thread; all are daemons and end with {@link #close}. <b>
 * Borrows</b>: the host. <b>Failure</b>: nothing of a guest's comes here (see {@link
 * SerialExecutor}).
 */
public final class Dispatcher implements AutoCloseable {
  /*
   * Poll thread is a role
   * ---------------------
   * One crew thread leads: it takes a batch of events from the host, hands each to `events` (which
   * fills mailboxes and so the ready queue), then runs the ready executors itself, one turn each.
   * To run a guest where the task was polled saves a hand-over, which costs as much as all the rest
   * of a call. Between two turns it polls without waiting.
   *
   * Passing the role on
   * -------------------
   * - Before it enters an executor whose pieces are known to be slow, the leader appoints a spare
   *   thread to lead.
   * - When a turn takes longer than expected, the watch takes the role away (RoleWatch) and
   *   appoints a spare thread; the old leader finds out when it comes back from its turn.
   * - An executor with a home thread is given to that thread together with the role.
   * A thread without the role that finishes a turn becomes a spare thread. So threads grow with the
   * executors that are inside guests at the same time, one each, and no further.
   *
   * What wakes the leader
   * ---------------------
   * ready() adds to the queue, then looks at `polling`; the leader sets `polling`, then looks at the
   * queue. Both are sequentially consistent, so one of the two sees the other's write.
   *
   * When memory is out
   * ------------------
   * One guest can fill the heap, and then any allocation fails, in any thread. No step of the role's
   * may be lost to that: what a step needs is made beforehand, or tried until there is memory (see
   * EndOfMemory).
   */

  /** More than this per piece, and the role is passed on before the turn. */
  private static final long SLOW_NANOS = 100_000;

  private static final int SPARE_THREADS_KEPT = 4;

  private final Host host;
  private final Consumer<Event> events;
  private final Queue<SerialExecutor> ready = new ConcurrentLinkedQueue<>();
  private final Deque<SpareThread> spares = new ConcurrentLinkedDeque<>();
  private final AtomicInteger spareCount = new AtomicInteger();
  private final AtomicInteger threadNumber = new AtomicInteger();
  private final AtomicBoolean polling = new AtomicBoolean();
  private final Runnable lead = this::lead;
  private final RoleWatch watch = new RoleWatch(this::appoint);
  private final ScheduledThreadPoolExecutor timers;
  private final List<Event> batch = new ArrayList<>(Host.BATCH); // the leader's
  private volatile boolean closed;

  /**
   * Makes a dispatcher; {@link #start} begins to poll.
   *
   * @param events takes each event, on the poll thread, in the order of the host; must not block,
   *     enter a guest or throw
   */
  public Dispatcher(Host host, Consumer<Event> events) {
    this.host = host;
    this.events = events;
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("resty-timers").factory());
    timers.setRemoveOnCancelPolicy(true);
  }

  public void start() {
    watch.start();
    if (!appoint()) {
      throw new IllegalStateException("cannot start the poll thread: no thread to be had");
    }
  }

  /** An executor that any thread of the crew may run. */
  public SerialExecutor newExecutor(SerialExecutor.Failures failures) {
    return new SerialExecutor(this, failures, null);
  }

  /** An executor with a thread of its own, which ends when the executor is closed. */
  public SerialExecutor newHomeExecutor(String name, SerialExecutor.Failures failures) {
    HomeThread home = new HomeThread("resty-home " + name);
    home.start();
    return new SerialExecutor(this, failures, home);
  }

  /** Runs {@code code}, which must not block, after {@code delay}, on the timer thread. */
  public Scheduled schedule(Runnable code, Duration delay) {
    try {
      ScheduledFuture<?> timer =
          timers.schedule(code, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    } catch (RejectedExecutionException afterClose) {
      return () -> {};
    }
  }

  /** Ends all threads that are not inside a guest or its home; those that are stay daemons. */
  @Override
  public void close() {
    closed = true;
    host.wake();
    watch.close();
    timers.shutdownNow();
    for (SpareThread spare = spares.poll(); spare != null; spare = spares.poll()) {
      spare.end();
    }
  }

  /** Any thread, once per raise of the executor's pending count from 0, or at the end of a turn. */
  void ready(SerialExecutor executor) {
    addReady(executor);
    if (polling.compareAndSet(true, false)) {
      host.wake();
    }
  }

  private void addReady(SerialExecutor executor) {
    while (true) {
      try {
        ready.add(executor);
        return;
      } catch (OutOfMemoryError noMemory) { // it must not be forgotten
        EndOfMemory.pause();
      }
    }
  }

  /** Gives the role, which the caller has, to a spare thread; false: there is none to be had. */
  private boolean appoint() {
    return giveToSpare(lead);
  }

  private boolean giveToSpare(Runnable work) {
    CrewThread spare = spares.poll();
    if (spare != null) {
      spareCount.decrementAndGet();
    } else {
      try {
        spare = new SpareThread("resty-poll-" + threadNumber.incrementAndGet());
        spare.start();
      } catch (OutOfMemoryError noThread) { // the heap's end, or the system's limit of threads
        return false;
      }
    }
    spare.order(work);
    return true;
  }

  /** Leads until the role is passed on or taken away. The calling thread has the role. */
  private void lead() {
    boolean leading = true;
    while (leading && !closed) {
      SerialExecutor next = ready.poll();
      if (next == null) {
        poll(true);
      } else {
        leading = run(next);
        if (leading && !ready.isEmpty()) {
          poll(false);
        }
      }
    }
  }

  /** Runs one turn of {@code executor} or sees to it that it is run; returns whether we lead. */
  private boolean run(SerialExecutor executor) {
    boolean slow = executor.nanosPerPiece() > SLOW_NANOS;
    HomeThread home = executor.home();
    if (home != null && home != Thread.currentThread()) {
      if (slow) {
        home.order(executor.turn());
        return true;
      }
      home.order(executor.leadingTurn());
      return false;
    }
    if (home == null && Thread.currentThread() instanceof HomeThread) {
      return !giveToSpare(executor.leadingTurn()) && postpone(executor);
    }
    if (slow && appoint()) {
      executor.runTurn();
      return false;
    }
    return runLeading(executor);
  }

  /** There is no thread for it now: the next round tries again. */
  private boolean postpone(SerialExecutor executor) {
    addReady(executor);
    EndOfMemory.pause();
    return true;
  }

  /** As {@link #lead}, beginning with a turn of {@code first}. */
  void leadFrom(SerialExecutor first) {
    if (run(first)) {
      lead();
    }
  }

  /** Runs a turn while holding the role; returns whether it is still ours. */
  private boolean runLeading(SerialExecutor executor) {
    long ticket = watch.enter();
    executor.runTurn();
    return watch.leave(ticket);
  }

  private void poll(boolean mayWait) {
    if (mayWait) {
      polling.set(true);
      if (ready.isEmpty()) {
        host.poll(batch, null);
      }
      polling.set(false);
    } else {
      host.poll(batch, Duration.ZERO);
    }
    for (int i = 0; i < batch.size(); i++) { // an iterator would need memory
      accept(batch.get(i));
    }
    batch.clear();
  }

  /** What is thrown in spite of all costs this event, not the role. */
  private void accept(Event event) {
    try {
      events.accept(event);
    } catch (Throwable failure) {
      try {
        host.log(LogLevel.ERROR, "resty-polyglot: an event is lost: " + failure);
      } catch (Throwable _) {
        // nor can it be told
      }
    }
  }

  /** A crew thread that any guest may use, and that leads. */
  private final class SpareThread extends CrewThread {
    SpareThread(String name) {
      super(name);
    }

    @Override
    void rest() {
      if (closed || spareCount.get() >= SPARE_THREADS_KEPT) {
        end();
        return;
      }
      spareCount.incrementAndGet();
      try {
        spares.push(this);
      } catch (OutOfMemoryError noMemory) {
        spareCount.decrementAndGet();
        end();
      }
    }
  }
}
