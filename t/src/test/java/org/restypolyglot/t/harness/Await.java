package org.restypolyglot.t.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something to become true; the limit is there against hanging only. Any thread. */
public final class Await {
  /** How long anything may take that a test waits for. */
  public static final Duration LIMIT = Duration.ofSeconds(150);

  private static final Duration STEP = Duration.ofMillis(10);

  private Await() {}

  /**
   * @throws AssertionError naming {@code what} if it does not become true
   */
  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /** As {@link #until(String, BooleanSupplier)}; the text is made when it is needed. */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    until(LIMIT, what, condition);
  }

  /** As {@link #until(Supplier, BooleanSupplier)}, with another limit. */
  public static void until(Duration limit, Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + limit + " in vain for: " + what.get());
      }
      pause(STEP);
    }
  }

  /** Sleeps, for a test that needs time to pass. */
  public static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
