package org.restypolyglot.guest.js;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.restypolyglot.core.polyglot.ThreadPools;

/**
 * Threads for what takes a while and waits for nothing: compressing, hashing.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: up to {@link #MAX_THREADS} threads, which end when they are
 * idle. <b>Failure</b>: the work tells its own.
 */
final class WorkPool {
  private static final int MAX_THREADS = 4;
  private static final Duration IDLE = Duration.ofSeconds(10);

  static final Executor EXECUTOR =
      ThreadPools.endingWhenIdle("resty-polyglot-work-", MAX_THREADS, IDLE);

  private WorkPool() {}
}
