package org.restypolyglot.guest.js;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.polyglot.EngineFailures;

/**
 * A Worker of node:worker_threads: a context with a thread and an event loop of its own.
 *
 * <p><b>Threads</b>: {@link #start} once; {@link #stop} and {@link #close} on any; the rest on the
 * Worker's. <b>Owns</b>: the thread, and the context, which ends with it. <b>Failure</b>: what the
 * user's code throws is told inside; what comes out of the context ends the Worker, and its parent
 * is told.
 */
public final class JsWorker implements AutoCloseable {
  private static final int TERMINATED = 1;
  private static final int FAILED = 1;

  private final ContextOrigin origin;
  private final HostWorker self;
  private final HostEnvironment variables;
  private final Consumer<JsWorker> onEnd;
  private final WorkerExecutor executor = new WorkerExecutor();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private volatile @Nullable JsContext context;

  private int exitCode; // the Worker's thread, then who is told of its end
  private @Nullable String error;
  private @Nullable String errorReason;

  /**
   * @param variables its {@code process.env}
   * @param onEnd takes it when its context is closed, on its thread
   */
  JsWorker(
      ContextOrigin origin, HostWorker self, HostEnvironment variables, Consumer<JsWorker> onEnd) {
    this.origin = origin;
    this.self = self;
    this.variables = variables;
    this.onEnd = onEnd;
  }

  /**
   * @param stackBytes 0: as the JVM has them
   */
  void start(long stackBytes) {
    Thread.ofPlatform()
        .daemon()
        .name("resty-js-worker-" + self.threadId())
        .stackSize(stackBytes)
        .start(this::run);
  }

  int exitCode() {
    return exitCode;
  }

  /** The code of Node's error that has ended it, null for none. */
  @Nullable String error() {
    return error;
  }

  @Nullable String errorReason() {
    return errorReason;
  }

  private void run() {
    executor.begin();
    try {
      runContext();
    } catch (PolyglotException failure) {
      ended(failure);
    } catch (RuntimeException | Error failure) {
      fail("ERR_WORKER_INIT_FAILED", failure.toString());
    } finally {
      executor.stop();
      self.port().close(); // where no context has taken it
      onEnd.accept(this);
    }
  }

  private void runContext() {
    try (JsContext made =
        JsContext.create(origin, executor, reason -> {}, variables, Map.of("worker", self))) {
      context = made;
      if (!stopping.get()) {
        made.main().invokeMember("startWorker");
        serve(made);
      }
      if (stopping.get()) {
        exitCode = TERMINATED;
      } else {
        exitCode = made.main().invokeMember("exitWorker").asInt();
      }
    }
  }

  /** Until nothing is left to be done, or it is stopped. */
  private void serve(JsContext made) {
    while (!executor.isStopped()) {
      Runnable code = executor.poll();
      if (code != null) {
        code.run();
      } else if (made.main().invokeMember("isWorkerIdle").asBoolean()) {
        code = executor.poll();
        if (code == null) {
          return;
        }
        code.run();
      } else {
        try {
          executor.await();
        } catch (InterruptedException interrupted) {
          // the context is being ended, which its next piece of code will find
        }
      }
    }
  }

  private void ended(PolyglotException failure) {
    if (stopping.get()) {
      exitCode = TERMINATED;
    } else if (failure.isExit()) {
      exitCode = failure.getExitStatus();
    } else if (failure.isResourceExhausted()) {
      fail("ERR_WORKER_OUT_OF_MEMORY", "JS heap out of memory");
    } else {
      fail("ERR_WORKER_INIT_FAILED", EngineFailures.text(failure));
    }
  }

  private void fail(String code, String reason) {
    if (stopping.get()) {
      exitCode = TERMINATED;
      return;
    }
    origin.log().error("Worker " + self.threadId() + " has failed: " + reason);
    exitCode = FAILED;
    error = code;
    errorReason = reason;
  }

  /** Ends it, whatever it does; its parent is told when that has happened. */
  @Export
  public void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    executor.stop();
    Thread.ofPlatform().daemon().name("resty-js-worker-end-" + self.threadId()).start(this::kill);
  }

  /** Blocks until the thread has come out of the context. */
  private void kill() {
    JsContext running = context;
    if (running != null) {
      running.kill();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
