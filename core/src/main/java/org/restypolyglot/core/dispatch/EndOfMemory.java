package org.restypolyglot.core.dispatch;

import java.util.concurrent.locks.LockSupport;

/**
 * For steps that must not be lost when the heap is full: they are tried until there is memory, as
 * the guest that fills the heap fails too and gives it back.
 */
public final class EndOfMemory {
  private static final long RETRY_NANOS = 1_000_000;

  private EndOfMemory() {}

  /**
   * Takes a step; where memory runs out in the middle of it, takes it again. Blocks, and needs no
   * memory itself.
   *
   * @param step does no harm when a part of it is done twice; made while there is memory
   */
  public static void outlast(Runnable step) {
    while (true) {
      try {
        step.run();
        return;
      } catch (OutOfMemoryError full) {
        pause();
      }
    }
  }

  /** Waits a moment, between two tries. */
  public static void pause() {
    LockSupport.parkNanos(RETRY_NANOS);
  }
}
