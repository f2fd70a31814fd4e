package org.restypolyglot.guest.js;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.graalvm.polyglot.HostAccess.Export;

/**
 * How often each number was recorded: what a histogram and its clones in other contexts have in
 * common.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: none.
 */
public final class SharedCounts {
  private final TreeMap<Double, Long> counts = new TreeMap<>();
  private long total;
  private long exceeds;

  SharedCounts() {}

  @Export
  public synchronized void record(double value) {
    counts.merge(value, 1L, Long::sum);
    total++;
  }

  /** Counts a number that was too large. */
  @Export
  public synchronized void exceed() {
    exceeds++;
  }

  /** Counts all that the other one has counted, too. */
  @Export
  public void add(SharedCounts other) {
    TreeMap<Double, Long> theirs;
    long theirTotal;
    long theirExceeds;
    synchronized (other) { // never both at once
      theirs = new TreeMap<>(other.counts);
      theirTotal = other.total;
      theirExceeds = other.exceeds;
    }
    synchronized (this) {
      theirs.forEach((value, count) -> counts.merge(value, count, Long::sum));
      total += theirTotal;
      exceeds += theirExceeds;
    }
  }

  @Export
  public synchronized void reset() {
    counts.clear();
    total = 0;
    exceeds = 0;
  }

  @Export
  public synchronized double total() {
    return total;
  }

  @Export
  public synchronized double exceeds() {
    return exceeds;
  }

  /** {@code value=count}, from the lowest value, with spaces between them. */
  @Export
  public synchronized String text() {
    return counts.entrySet().stream()
        .map((Map.Entry<Double, Long> entry) -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
