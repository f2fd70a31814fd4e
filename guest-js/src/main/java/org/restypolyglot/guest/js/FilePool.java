package org.restypolyglot.guest.js;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of asynchronous file operations, for all contexts of the process: four, as libuv's,
 * and as many more as there are operations that wait for another process (the other end of a FIFO),
 * so that these delay nobody.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the threads; each ends when it had nothing to do for a
 * while. None of them keeps the process alive.
 */
final class FilePool {
  private static final int THREADS = 4;
  private static final Duration IDLE = Duration.ofSeconds(10);

  /** For what does not wait for others. */
  static final ExecutorService ORDINARY = ordinary();

  /** For what may wait for ever. */
  static final ExecutorService WAITING =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE.toSeconds(),
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          code -> newThread("resty-polyglot files, waiting", code));

  private FilePool() {}

  private static ExecutorService ordinary() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            code -> newThread("resty-polyglot files", code));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread newThread(String name, Runnable code) {
    return Thread.ofPlatform().name(name).daemon().unstarted(code);
  }
}
