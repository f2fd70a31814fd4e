package org.restypolyglot.core.polyglot;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;

/** What guests do with their contexts from outside. */
public final class Contexts {
  private Contexts() {}

  /**
   * Breaks off what runs in {@code context}, on all its threads; it stays usable. Blocks; not to be
   * called from inside it.
   *
   * @return whether all threads have left the context within {@code patience}
   */
  public static boolean interrupt(Context context, Duration patience) {
    try {
      context.interrupt(patience);
      return true;
    } catch (TimeoutException tooLong) {
      return false;
    } catch (IllegalStateException closed) {
      return true;
    }
  }
}
