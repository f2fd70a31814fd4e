package org.restypolyglot.core.guest;

/**
 * Writes to nginx's error.log. Never blocks and never throws; where too much is pending, lines are
 * dropped and counted. Any thread.
 */
@FunctionalInterface
public interface GuestLog {

  /** Each line of {@code text} becomes a line of the log, with the runtime's name in front. */
  void log(LogLevel level, String text);

  default void error(String text) {
    log(LogLevel.ERROR, text);
  }

  default void warn(String text) {
    log(LogLevel.WARN, text);
  }

  default void info(String text) {
    log(LogLevel.INFO, text);
  }
}
