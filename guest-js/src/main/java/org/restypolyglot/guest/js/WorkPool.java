package org.restypolyglot.guest.js;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what takes a while and waits for nothing: compressing, hashing.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: up to {@link #MAX_THREADS} threads, which end when they are
 * idle. <b>Failure</b>: the work tells its own.
 */
final class WorkPool {
  private static final int MAX_THREADS = 4;
  private static final int IDLE_SECONDS = 10;

  static final Executor EXECUTOR = newExecutor();

  private WorkPool() {}

  private static Executor newExecutor() {
    var executor =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("resty-polyglot-work-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
