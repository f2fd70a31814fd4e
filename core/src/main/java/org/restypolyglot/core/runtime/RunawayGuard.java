package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.dispatch.SerialExecutor;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.Task;

/**
 * Breaks off code of one generation's guest that does not end: first by an interrupt, then with the
 * whole context, and the slot starts a new generation.
 *
 * <p><b>Threads</b>: {@link #suspect} on the poll thread, {@link #insist} on any; the rest on the
 * timer thread, where nothing blocks, and on guard threads. <b>Failure</b>: where even the
 * context's end does not bring the guest thread back (it is inside native code), that thread and
 * its context stay behind, and the log says so; nothing else waits for them.
 */
final class RunawayGuard {
  /*
   * What is overdue
   * ---------------
   * Nothing is watched while all calls get their answers. A cancelled call (timed out, its caller
   * gone) makes the guard look whether something runs in the guest: one piece of the executor's. It
   * is overdue
   * - inside a task's handler: GRACE after that task's deadline, never without one;
   * - elsewhere (what follows an await, a timer), while handlers have begun and not answered: GRACE
   *   after the last of their deadlines, as it may be any handler's; but once one is past its
   *   deadline, BLOCKING is the longest that the others are kept waiting;
   * - elsewhere, with no such handler: when it has kept calls waiting for as long as a call may take.
   * A piece that is not overdue yet is looked at again when it would be.
   */

  /** How long a handler may run on after its call has timed out. */
  static final Duration GRACE = Duration.ofSeconds(2);

  /** How long asynchronous code may keep others from running, once a call was given up. */
  static final Duration BLOCKING = Duration.ofSeconds(4);

  /** How long an interrupt may take to end the piece. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How often {@link #insist} looks whether the generation is closed. */
  private static final Duration INSIST = Duration.ofMillis(500);

  private static final long NEVER = Long.MAX_VALUE;

  private final Generation generation;
  private final Slot slot;
  private final SerialExecutor executor;
  private final Services services;
  private final Recipe recipe;
  private final AtomicBoolean armed = new AtomicBoolean();

  RunawayGuard(
      Generation generation, Slot slot, SerialExecutor executor, Services services, Recipe recipe) {
    this.generation = generation;
    this.slot = slot;
    this.executor = executor;
    this.services = services;
    this.recipe = recipe;
  }

  /** A call was given up: if something runs now, it may be a runaway. */
  void suspect() {
    if (recipe.options().debug().isOn()) {
      return; // it may stand at a breakpoint
    }
    long piece = executor.piece();
    if (piece != 0 && armed.compareAndSet(false, true)) {
      try {
        checkAfter(GRACE.toMillis(), piece, nowMillis());
      } catch (OutOfMemoryError noMemory) {
        armed.set(false); // the next call that is given up arms it again
      }
    }
  }

  private void checkAfter(long millis, long piece, long sinceMillis) {
    Runnable check = () -> check(piece, sinceMillis); // made while there is memory
    services
        .dispatcher()
        .schedule(() -> EndOfMemory.outlast(check), Duration.ofMillis(Math.max(1, millis)));
  }

  private void check(long piece, long sinceMillis) {
    long now = executor.piece();
    long left = now == piece ? overdueAtMillis(sinceMillis) - nowMillis() : GRACE.toMillis();
    if (now == 0 || left > Long.MAX_VALUE / 2 || !generation.isServing()) {
      armed.set(false);
    } else if (now != piece) { // a call that was given up meanwhile may wait for this one
      checkAfter(left, now, nowMillis());
    } else if (left > 0) {
      checkAfter(left, piece, sinceMillis);
    } else {
      services.guards().execute(() -> breakOff(piece));
    }
  }

  /** On the clock of {@link #nowMillis}. */
  private long overdueAtMillis(long sinceMillis) {
    Task running = generation.running();
    if (running != null) {
      return afterDeadline(running);
    }
    long first = NEVER;
    long last = Long.MIN_VALUE;
    for (Task task : generation.tasks().all()) {
      if (task.isRunning()) {
        first = Math.min(first, afterDeadline(task));
        last = Math.max(last, afterDeadline(task));
      }
    }
    if (last != Long.MIN_VALUE) {
      return Math.min(last, Math.max(first, sinceMillis + BLOCKING.toMillis()));
    }
    Duration timeout = recipe.options().timeout();
    return timeout.isZero() ? NEVER : sinceMillis + timeout.toMillis();
  }

  private static long afterDeadline(Task task) {
    return task.deadlineMillis() == 0 ? NEVER : task.deadlineMillis() + GRACE.toMillis();
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void breakOff(long piece) {
    Guest guest = generation.guest();
    if (guest == null || !executor.hold(piece)) {
      armed.set(false);
      return;
    }
    Task running = generation.running();
    String what = what(running);
    try {
      recipe.log().warn(what + " runs on after its time-out; it is interrupted");
      if (guest.interrupt(PATIENCE)) {
        failOverdueTasks(running, what + " did not end, and was interrupted");
      } else {
        String reason = what + " did not end, not even when interrupted";
        slot.replaceHeld(generation, piece, reason);
        guest.kill();
      }
    } finally {
      executor.release(piece);
      armed.set(false);
    }
  }

  /** Those of async handlers, whose continuation is gone with the piece. */
  private void failOverdueTasks(@Nullable Task running, String reason) {
    for (Task task : generation.tasks().all()) {
      if (task != running && task.isRunning() && afterDeadline(task) <= nowMillis()) {
        task.fail(GuestException.RC, reason);
      }
    }
  }

  private static String what(@Nullable Task running) {
    return running == null
        ? "code outside of a handler's first part"
        : "the handler \"" + running.method() + "\"";
  }

  /** The generation is to be closed: breaks off what keeps the guest thread from doing that. */
  void insist() {
    services.dispatcher().schedule(this::insistNow, INSIST);
  }

  private void insistNow() {
    if (!generation.isClosed()) {
      services.guards().execute(this::kill);
    }
  }

  private void kill() {
    long piece = executor.piece();
    Guest guest = generation.guest();
    if (piece == 0 || guest == null || !executor.hold(piece)) {
      insist(); // between two pieces, or making the guest
      return;
    }
    try {
      if (!generation.isClosed()) {
        generation.abandon(piece, "the runtime is closed");
        guest.kill();
      }
    } finally {
      executor.release(piece);
    }
  }
}
