package org.restypolyglot.core.guest;

/** Why nobody waits for a task any more. */
public enum CancelReason {
  /** The call's time-out passed. */
  TIMEOUT("timeout"),
  /** The client went away, or the coroutine that waited ended. */
  CLIENT_GONE("client gone"),
  /** The worker ends, or the Lua VM that the caller ran in. */
  ENDED("ended");

  private final String text;

  CancelReason(String text) {
    this.text = text;
  }

  /** The reason as a guest sees it. */
  public String text() {
    return text;
  }
}
