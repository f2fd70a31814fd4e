package org.restypolyglot.guest.python;

import java.time.Duration;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.guest.GuestLog;

/**
 * What Python's event loop calls to get its turns: now, at a time, or when a descriptor is ready.
 *
 * <p><b>Threads</b>: {@code turn_soon} any; the rest the guest thread. <b>Owns</b>: the thread that
 * waits for descriptors, and the one timer. <b>Failure</b>: none.
 */
final class HostTurns {
  /** Runs what is ready on the event loop. */
  @FunctionalInterface
  interface Turn {
    void run(boolean byTimer);
  }

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MAX_SECONDS = Duration.ofDays(365).toSeconds();

  private final GuestExecutor executor;
  private final GuestLog log;
  private final String name;
  private final Turn turn;
  private GuestExecutor.@Nullable Scheduled timer;
  private @Nullable WaitingThread waiting;

  HostTurns(GuestExecutor executor, GuestLog log, String name, Turn turn) {
    this.executor = executor;
    this.log = log;
    this.name = name;
    this.turn = turn;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("turn_soon", (ProxyExecutable) this::turnSoon);
    functions.put("turn_later", (ProxyExecutable) this::turnLater);
    functions.put("wait_beside", (ProxyExecutable) this::waitBeside);
  }

  private @Nullable Object turnSoon(Value... arguments) {
    executor.execute(() -> turn.run(false));
    return null;
  }

  /** {@code turn_later(seconds)}; takes the place of the turn that was asked for before. */
  private @Nullable Object turnLater(Value... arguments) {
    executor.requireGuestThread();
    stopTimer();
    double seconds = Math.clamp(arguments[0].asDouble(), 0, MAX_SECONDS);
    long nanos = (long) Math.ceil(seconds * NANOS_PER_SECOND);
    timer = executor.schedule(() -> turn.run(true), Duration.ofNanos(nanos));
    return null;
  }

  /** {@code wait_beside(wait_once)}; see {@link WaitingThread}. */
  private @Nullable Object waitBeside(Value... arguments) {
    executor.requireGuestThread();
    WaitingThread thread = new WaitingThread(name, arguments[0], log);
    waiting = thread;
    thread.start();
    return null;
  }

  /** No turn is asked for after this. */
  void stop() {
    stopTimer();
    if (waiting != null) {
      waiting.end();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
