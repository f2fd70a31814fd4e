package org.restypolyglot.core.runtime;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations in texts for users. */
final class Durations {
  private Durations() {}

  /** For example {@code "60 s"}, {@code "0.5 s"}. */
  static String text(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }
}
