package org.restypolyglot.guest.js;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.guest.GuestExecutor.Scheduled;
import org.restypolyglot.core.polyglot.EngineFailures;

/**
 * The clock behind {@code setTimeout} and {@code setImmediate}: calls the context back with a
 * timer's id, one timer a turn, so that promise reactions run between two timers. An id is a number
 * of JavaScript's: an int would end after 2^31 timers.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: the timers that have not fired, until {@link
 * #close}. <b>Borrows</b>: the executor. <b>Failure</b>: what comes out of the context is told to
 * {@code damaged} and goes to the executor.
 */
public final class HostTimers implements AutoCloseable {
  private final GuestExecutor executor;
  private final Map<Double, Scheduled> running = new HashMap<>();
  private final Consumer<String> damaged;
  private @Nullable Value fire;

  HostTimers(GuestExecutor executor, Consumer<String> damaged) {
    this.executor = executor;
    this.damaged = damaged;
  }

  /** Where timers go: a function of an id. Called once, before any timer is started. */
  @Export
  public void fireWith(Value function) {
    fire = function;
  }

  /** Fires {@code id} once, after {@code millis}; an earlier start of it counts no more. */
  @Export
  public void start(double id, double millis) {
    stop(id);
    Duration delay = Duration.ofNanos((long) (millis * 1e6));
    running.put(id, executor.schedule(() -> run(id), delay));
  }

  /** Takes a timer back; one that is unknown is fine. */
  @Export
  public void stop(double id) {
    Scheduled timer = running.remove(id);
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Fires {@code id} as soon as what waits already has run. */
  @Export
  public void startImmediate(double id) {
    running.put(id, () -> {});
    executor.execute(() -> run(id));
  }

  private void run(double id) {
    if (running.remove(id) != null && fire != null) {
      try {
        fire.executeVoid(id);
      } catch (PolyglotException failure) { // promise reactions that waited are lost with it
        damaged.accept(EngineFailures.text(failure));
        throw failure;
      }
    }
  }

  /** Stops all timers. */
  @Override
  public void close() {
    running.values().forEach(Scheduled::cancel);
    running.clear();
  }
}
