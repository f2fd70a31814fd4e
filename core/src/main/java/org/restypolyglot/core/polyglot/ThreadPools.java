package org.restypolyglot.core.polyglot;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes pools of threads for what all runtimes of a worker share.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: none.
 */
public final class ThreadPools {
  private ThreadPools() {}

  /**
   * A pool that has no thread while there is nothing to do.
   *
   * @param prefix of the threads' names, which a number follows
   * @param threads at most; what is more waits, without limit
   * @param idle after which a thread ends
   */
  public static ThreadPoolExecutor endingWhenIdle(String prefix, int threads, Duration idle) {
    var executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            idle.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(prefix, 0).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
