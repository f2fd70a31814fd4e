package org.restypolyglot.guest.js;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;

/**
 * Workers as a context sees them: starts them.
 *
 * <p><b>Threads</b>: the guest thread, inside the context; {@link #stopAll} on any. <b>Owns</b>:
 * through the loop, the Workers that were started here; they end with the context. <b>Failure</b>:
 * what goes wrong inside of a Worker is its end.
 */
public final class HostWorkers {
  private final ContextOrigin origin;
  private final HostLoop loop;
  private final Set<JsWorker> running = ConcurrentHashMap.newKeySet();

  HostWorkers(ContextOrigin origin, HostLoop loop) {
    this.origin = origin;
    this.loop = loop;
  }

  /** Ends all that were started here, also where the context's thread cannot. Any thread. */
  void stopAll() {
    running.forEach(JsWorker::stop);
  }

  /** A number that no other Worker of the runtime has. */
  @Export
  public int newThreadId() {
    return origin.threadIds().incrementAndGet();
  }

  /**
   * Starts a Worker.
   *
   * @param port its end of the channel to who starts it
   * @param stackMegabytes of its thread; 0: as any thread
   * @param onExit is called with its exit code, and the code and reason of an error, or nulls
   */
  @Export
  public JsWorker start(
      int threadId,
      String name,
      PortEnd port,
      HostEnvironment variables,
      String execArgv,
      double stackMegabytes,
      Value limits,
      Value onExit) {
    double[] numbers = new double[(int) limits.getArraySize()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = limits.getArrayElement(i).asDouble();
    }
    HostWorker self = new HostWorker(threadId, name, port, execArgv, numbers);
    JsWorker worker =
        new JsWorker(
            origin,
            self,
            variables,
            ended -> {
              running.remove(ended);
              loop.release(ended);
              loop.enter(onExit, ended.exitCode(), ended.error(), ended.errorReason());
            });
    running.add(worker);
    loop.own(worker);
    worker.start((long) (stackMegabytes * (1 << 20)));
    return worker;
  }
}
