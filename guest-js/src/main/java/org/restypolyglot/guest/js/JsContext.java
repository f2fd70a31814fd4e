package org.restypolyglot.guest.js;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.restypolyglot.core.guest.GuestExecutor;

/**
 * A GraalJS context with our JavaScript in it: what a runtime's main context and a Worker's have in
 * common.
 *
 * <p><b>Threads</b>: the guest thread of its executor; {@link #kill} on any other. <b>Owns</b>: the
 * context, its timers, and what its loop owns, until {@link #close}. <b>Borrows</b>: the executor.
 * <b>Failure</b>: {@link #create} throws what the engine throws, and leaves nothing behind.
 */
final class JsContext implements AutoCloseable {
  private final Context context;
  private final ModuleResolver resolver;
  private final HostTimers timers;
  private final HostLoop loop;
  private final HostWorkers workers;
  private final Value main;

  private JsContext(
      Context context,
      ModuleResolver resolver,
      HostTimers timers,
      HostLoop loop,
      HostWorkers workers,
      Value main) {
    this.context = context;
    this.resolver = resolver;
    this.timers = timers;
    this.loop = loop;
    this.workers = workers;
    this.main = main;
  }

  /**
   * @param damaged takes a reason when promise reactions may have been lost
   * @param variables its {@code process.env}
   * @param own what this kind of context has besides, by the name that scripts use
   */
  static JsContext create(
      ContextOrigin origin,
      GuestExecutor executor,
      Consumer<String> damaged,
      HostEnvironment variables,
      Map<String, Object> own) {
    Context context = ContextFactory.newContext(origin.log(), origin.permissions());
    try {
      ModuleResolver resolver = new ModuleResolver(origin.sources(), origin.roots());
      HostTimers timers = new HostTimers(executor, damaged);
      HostLoop loop = new HostLoop(executor, damaged);
      HostWorkers workers = new HostWorkers(origin, loop);
      Map<String, Object> host = new HashMap<>(own);
      host.putAll(
          Map.ofEntries(
              Map.entry("modules", new HostModules(resolver, origin.sources())),
              Map.entry("timers", timers),
              Map.entry("loop", loop),
              Map.entry("log", new HostLog(origin.log())),
              Map.entry("process", new HostProcess()),
              Map.entry("environment", variables),
              Map.entry("messaging", new HostMessaging(loop, origin.broadcasts())),
              Map.entry("workers", workers),
              Map.entry("queue", origin.tasks()),
              Map.entry("system", new HostSystem()),
              Map.entry("text", new HostText()),
              Map.entry("permissions", origin.permissions()),
              Map.entry("name", origin.name())));
      Intrinsics.install(context, new LoopAgent(executor, loop::enterAndLeave));
      Value main = Glue.start(context, ProxyObject.fromMap(host));
      return new JsContext(context, resolver, timers, loop, workers, main);
    } catch (RuntimeException | Error failure) {
      context.close(true);
      throw failure;
    }
  }

  Context context() {
    return context;
  }

  ModuleResolver resolver() {
    return resolver;
  }

  HostLoop loop() {
    return loop;
  }

  /** The exports of main.js. */
  Value main() {
    return main;
  }

  /** Ends what runs in it, and its Workers; {@link #close} follows on the guest thread. */
  void kill() {
    workers.stopAll();
    context.close(true);
  }

  @Override
  public void close() {
    timers.close();
    loop.close();
    context.close(true);
  }
}
