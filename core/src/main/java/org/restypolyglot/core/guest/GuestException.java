package org.restypolyglot.core.guest;

import org.jspecify.annotations.Nullable;

/**
 * A failure of the user's module, in the user's words: what Lua gets as {@code rc, err}, and what
 * the log gets.
 *
 * <p>It has no Java stack trace, as none of it would be the user's code.
 */
public final class GuestException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The {@code rc} of a failure that names none. */
  public static final int RC = 1;

  private final int rc;
  private final @Nullable String stack;

  /**
   * @param rc what Lua gets as {@code rc}; 0 becomes {@link #RC}, as 0 would mean success
   * @param message what Lua gets as {@code err}
   * @param stack the guest's own stack trace, for the log; null where there is none
   */
  public GuestException(int rc, String message, @Nullable String stack) {
    super(message, null, false, false);
    this.rc = rc == 0 ? RC : rc;
    this.stack = stack;
  }

  /** A failure with {@link #RC} and without a stack trace of the guest's. */
  public GuestException(String message) {
    this(RC, message, null);
  }

  /** Never 0. */
  public int rc() {
    return rc;
  }

  /** The message, never null. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** What belongs in the log: the guest's stack trace, or the message where there is none. */
  public String logText() {
    return stack == null || stack.isBlank() ? text() : stack;
  }
}
