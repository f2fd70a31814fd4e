package org.restypolyglot.core.runtime;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import org.graalvm.polyglot.PolyglotException;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.polyglot.EngineFailures;

/** Turns what came out of a guest into what its caller and the log get. */
final class Failures {
  private Failures() {}

  /**
   * A {@link GuestException} as it is; anything else is an engine's or our own failure, told with
   * its class.
   */
  static GuestException ofGuest(Throwable failure) {
    return switch (failure) {
      case GuestException known -> known;
      case CompletionException wrapper when wrapper.getCause() != null ->
          ofGuest(wrapper.getCause());
      case PolyglotException ofEngine -> EngineFailures.of(ofEngine);
      case StackOverflowError overflow ->
          new GuestException("stack overflow: the guest recurses too deeply");
      case OutOfMemoryError noMemory ->
          new GuestException("out of memory: " + noMemory.getMessage());
      default -> new GuestException(GuestException.RC, failure.toString(), trace(failure));
    };
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
