package org.restypolyglot.guest.js;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads behind all sockets of the process: one event loop, and a few threads for what blocks
 * or computes (names of hosts, the handshakes of TLS).
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the threads; they are made when the first socket is, and end
 * with the process, which they do not keep alive. <b>Failure</b>: none.
 */
final class NetLoop {
  /** As many as libuv has. */
  private static final int WORKERS = 4;

  private static final int IDLE_SECONDS = 30;

  private NetLoop() {}

  private static final class Loop {
    static final IoEventLoopGroup GROUP =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("resty-polyglot-net", true), NioIoHandler.newFactory());
  }

  private static final class Pool {
    static final ThreadPoolExecutor EXECUTOR = newExecutor();

    private static ThreadPoolExecutor newExecutor() {
      ThreadPoolExecutor executor =
          new ThreadPoolExecutor(
              WORKERS,
              WORKERS,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              new DefaultThreadFactory("resty-polyglot-net-work", true));
      executor.allowCoreThreadTimeOut(true);
      return executor;
    }
  }

  /** The one event loop. */
  static IoEventLoopGroup group() {
    return Loop.GROUP;
  }

  /** For what the event loop must not wait for. */
  static Executor workers() {
    return Pool.EXECUTOR;
  }
}
