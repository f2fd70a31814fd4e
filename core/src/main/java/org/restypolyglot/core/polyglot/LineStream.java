package org.restypolyglot.core.polyglot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;

/**
 * A context's standard output or error: each whole line becomes a line of the log.
 *
 * <p><b>Threads</b>: any; each thread has a line of its own, as {@code print} writes a line in two
 * pieces, and two threads' pieces must not mix; what a thread has not finished when it ends is
 * logged with the next output of another. <b>Failure</b>: none; a line that never ends is cut.
 */
public final class LineStream extends OutputStream {
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private final GuestLog log;
  private final LogLevel level;
  private final Map<Thread, ByteArrayOutputStream> unfinished = new ConcurrentHashMap<>();

  public LineStream(GuestLog log, LogLevel level) {
    this.log = log;
    this.level = level;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (!unfinished.isEmpty()) {
      finish(thread -> !thread.isAlive());
    }
    int start = offset;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\n') {
        endLine(bytes, start, i - start);
        start = i + 1;
      }
    }
    if (start < end) {
      ByteArrayOutputStream line =
          unfinished.computeIfAbsent(Thread.currentThread(), thread -> new ByteArrayOutputStream());
      line.write(bytes, start, end - start);
      if (line.size() >= MAX_LINE_BYTES) {
        endLine(bytes, end, 0);
      }
    }
  }

  private void endLine(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream line = unfinished.remove(Thread.currentThread());
    if (line == null) {
      log.log(level, new String(bytes, offset, length, UTF_8));
    } else {
      line.write(bytes, offset, length);
      log.log(level, line.toString(UTF_8));
    }
  }

  /** Last lines without their end are logged, too. */
  public void finish() {
    finish(thread -> true);
  }

  private void finish(Predicate<Thread> which) {
    for (Thread thread : List.copyOf(unfinished.keySet())) {
      ByteArrayOutputStream line = which.test(thread) ? unfinished.remove(thread) : null;
      if (line != null) {
        log.log(level, line.toString(UTF_8));
      }
    }
  }

  /** A guest may close its standard output and still print through another descriptor. */
  @Override
  public void close() {}
}
