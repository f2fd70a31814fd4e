package org.restypolyglot.core.polyglot;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;

/**
 * Takes log records of the engine or of a context to nginx's error.log.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: what comes before there is a log is dropped.
 */
public final class EngineLog extends Handler {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  private volatile @Nullable GuestLog target;

  /** Where records go from now on; the latest guest's log speaks for a shared engine. */
  public void use(GuestLog log) {
    target = log;
  }

  @Override
  public void publish(LogRecord record) {
    GuestLog log = target;
    if (log != null) {
      log.log(
          level(record.getLevel()),
          record.getLoggerName() + ": " + FORMATTER.formatMessage(record));
    }
  }

  private static LogLevel level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return LogLevel.ERROR;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return LogLevel.WARN;
    }
    return level.intValue() >= Level.INFO.intValue() ? LogLevel.INFO : LogLevel.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
