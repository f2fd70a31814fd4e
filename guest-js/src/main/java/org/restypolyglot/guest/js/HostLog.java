package org.restypolyglot.guest.js;

import org.graalvm.polyglot.HostAccess.Export;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;

/**
 * The log as the context sees it: a method for each level.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
public final class HostLog {
  private final GuestLog log;

  HostLog(GuestLog log) {
    this.log = log;
  }

  /** {@code console.error}, stacks. */
  @Export
  public void error(String text) {
    log.log(LogLevel.ERROR, text);
  }

  /** {@code console.warn}. */
  @Export
  public void warn(String text) {
    log.log(LogLevel.WARN, text);
  }

  /** {@code console.log} and its like. */
  @Export
  public void info(String text) {
    log.log(LogLevel.INFO, text);
  }

  /** {@code console.debug}. */
  @Export
  public void debug(String text) {
    log.log(LogLevel.DEBUG, text);
  }
}
