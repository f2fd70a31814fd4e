package org.restypolyglot.guest.js;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.polyglot.Contexts;

/**
 * A GraalJS context with our JavaScript in it: what a runtime's main context and a Worker's have in
 * common.
 *
 * <p><b>Threads</b>: the guest thread of its executor; {@link #interrupt} and {@link #kill} on any
 * other. <b>Owns</b>: the context, its timers, and what its loop owns, until {@link #close}.
 * <b>Borrows</b>: the executor. <b>Failure</b>: {@link #create} throws what the engine throws, and
 * leaves nothing behind.
 */
final class JsContext implements AutoCloseable {
  private final Context context;
  private final ModuleResolver resolver;
  private final HostTimers timers;
  private final HostLoop loop;
  private final FileOperations files;
  private final HostWorkers workers;
  private final Value main;

  private JsContext(
      Context context,
      ModuleResolver resolver,
      HostTimers timers,
      HostLoop loop,
      FileOperations files,
      HostWorkers workers,
      Value main) {
    this.context = context;
    this.resolver = resolver;
    this.timers = timers;
    this.loop = loop;
    this.files = files;
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
      FileOperations files = new FileOperations(loop);
      HostWorkers workers = new HostWorkers(origin, loop);
      Map<String, Object> host = new HashMap<>(own);
      host.putAll(
          Map.ofEntries(
              Map.entry("modules", new HostModules(resolver, origin.sources())),
              Map.entry("timers", timers),
              Map.entry("loop", loop),
              Map.entry("sockets", new HostSockets(loop)),
              Map.entry("tls", new HostTls(loop)),
              Map.entry("names", new HostNames(loop)),
              Map.entry("http2", new HostHttp2()),
              Map.entry("fetch", new HostFetch(loop)),
              Map.entry("zlib", new HostZlib(loop)),
              Map.entry("crypto", new HostCrypto(loop)),
              Map.entry("files", new HostFiles(files)),
              Map.entry("descriptors", new HostDescriptors(files)),
              Map.entry("watches", new HostWatches(loop)),
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
      return new JsContext(context, resolver, timers, loop, files, workers, main);
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

  /**
   * Breaks off what runs in it; returns whether the guest thread has come out of it. Any thread.
   */
  boolean interrupt(Duration patience) {
    files.interruptGuest();
    return Contexts.interrupt(context, patience);
  }

  /** Ends what runs in it, and its Workers; {@link #close} follows on the guest thread. */
  void kill() {
    files.endWaits();
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
