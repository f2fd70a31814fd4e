package org.restypolyglot.guest.js;

import org.graalvm.polyglot.PolyglotException;
import org.restypolyglot.core.guest.GuestException;

/**
 * Tells what came out of a context as an exception. The JavaScript side catches what guests throw;
 * so that is what no guest can catch: cancellation, exhausted resources, faults of the engine or of
 * ours.
 */
final class EngineFailures {
  private EngineFailures() {}

  static GuestException of(PolyglotException failure) {
    return new GuestException(GuestException.RC, text(failure), stack(failure));
  }

  static String text(RuntimeException failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (!(failure instanceof PolyglotException known)) {
      return message;
    }
    if (known.isCancelled() || known.isInterrupted()) {
      return "the guest was interrupted: " + message;
    }
    if (known.isExit()) {
      return "the guest tried to exit: " + message;
    }
    if (known.isResourceExhausted()) {
      return "the guest used up its memory or stack: " + message;
    }
    return known.isInternalError()
        ? "internal error of the JavaScript engine: " + message
        : message;
  }

  private static String stack(PolyglotException failure) {
    StringBuilder text = new StringBuilder(text(failure));
    int frames = 0;
    for (PolyglotException.StackFrame frame : failure.getPolyglotStackTrace()) {
      if (frames++ == MAX_FRAMES) {
        break;
      }
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  private static final int MAX_FRAMES = 20;
}
