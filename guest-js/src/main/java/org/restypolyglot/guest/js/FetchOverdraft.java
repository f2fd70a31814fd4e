package org.restypolyglot.guest.js;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all responses together may hold beyond what each may: an eighth of the heap.
 *
 * <p><b>Threads</b>: any.
 */
final class FetchOverdraft {
  private static final long MAX_BYTES =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private static final AtomicLong TAKEN = new AtomicLong();

  private FetchOverdraft() {}

  /** False: there is no more. */
  static boolean take(long bytes) {
    if (TAKEN.addAndGet(bytes) <= MAX_BYTES) {
      return true;
    }
    TAKEN.addAndGet(-bytes);
    return false;
  }

  static void give(long bytes) {
    TAKEN.addAndGet(-bytes);
  }
}
