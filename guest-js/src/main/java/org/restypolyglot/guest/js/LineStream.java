package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;

/**
 * A context's standard output or error: each whole line becomes a line of the log.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; a line that never ends is cut.
 */
final class LineStream extends OutputStream {
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private final GuestLog log;
  private final LogLevel level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineStream(GuestLog log, LogLevel level) {
    this.log = log;
    this.level = level;
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      emit();
      return;
    }
    line.write(b);
    if (line.size() >= MAX_LINE_BYTES) {
      emit();
    }
  }

  private void emit() {
    log.log(level, line.toString(UTF_8));
    line.reset();
  }

  /** A last line without its end is logged, too. */
  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      emit();
    }
  }
}
