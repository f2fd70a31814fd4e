package org.restypolyglot.core.polyglot;

import org.graalvm.polyglot.PolyglotException;
import org.restypolyglot.core.guest.GuestException;

/**
 * Tells what came out of a context as an exception. The guests' own sides catch what users' code
 * throws; so that is what no guest can catch: cancellation, exhausted resources, faults of the
 * engine or of ours.
 */
public final class EngineFailures {
  private static final int MAX_FRAMES = 20;

  private EngineFailures() {}

  /** With the frames of the guest as the stack, none of Java's; a fault of the engine has both. */
  public static GuestException of(PolyglotException failure) {
    return new GuestException(GuestException.RC, text(failure), stack(failure));
  }

  /** In words of the user's. */
  public static String text(RuntimeException failure) {
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
    return known.isInternalError() ? "internal error of the engine: " + message : message;
  }

  private static String stack(PolyglotException failure) {
    StringBuilder text = new StringBuilder(text(failure));
    int frames = 0;
    for (PolyglotException.StackFrame frame : failure.getPolyglotStackTrace()) {
      if (frames == MAX_FRAMES) {
        break;
      }
      if (frame.isGuestFrame() || failure.isInternalError()) {
        text.append("\n    at ").append(frame);
        frames++;
      }
    }
    return text.toString();
  }
}
