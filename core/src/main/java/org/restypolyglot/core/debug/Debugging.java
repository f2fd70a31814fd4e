package org.restypolyglot.core.debug;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.restypolyglot.core.DebugOptions;
import org.restypolyglot.core.debug.DebuggedEngines.Entry;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.host.Host;

/**
 * Opens the worker's engines to debuggers, and closes them again when the worker is about to end.
 *
 * <p><b>Threads</b>: {@link #start} and {@link #close} any. <b>Owns</b>: a daemon thread and the
 * servers, until the worker ends. <b>Failure</b>: a port that cannot be had is a line in the log,
 * and is tried for again; guests run meanwhile, and all the same.
 */
public final class Debugging implements AutoCloseable {
  /*
   * Why a thread that looks, and no events
   * --------------------------------------
   * It waits for three things, none of which comes often: an engine that is made with its first
   * runtime; a port that the worker before holds until it has ended, after an nginx reload; and that
   * nginx wants this worker to end. The last comes from a signal, of which nginx tells nobody. A
   * call that stands at a breakpoint would keep the worker from ending, so then the debuggers go.
   */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A worker that ends gives its port back within this time, so it is not worth a line. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Host host;
  private final GuestLog log;
  private final List<DebugServer> servers = new ArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("resty-debug").unstarted(this::run);
  private volatile boolean closed;

  private Debugging(Host host, DebugOptions options) {
    this.host = host;
    this.log = (level, text) -> host.log(level, "resty-polyglot: " + text);
    if (options.inspect() != null) {
      servers.add(new DevTools(options.inspect(), log));
    }
    if (options.dap() != null) {
      servers.add(new DapServer(options.dap(), log));
    }
  }

  /** Begins to listen, in the background. */
  public static Debugging start(Host host, DebugOptions options) {
    Debugging debugging = new Debugging(host, options);
    debugging.thread.start();
    return debugging;
  }

  private void run() {
    List<Opening> openings = servers.stream().map(Opening::new).toList();
    while (!closed && !host.isEnding()) {
      openings.forEach(Opening::look);
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    for (DebugServer server : servers.reversed()) { // a tool may wait for what does not end
      Thread.ofPlatform().daemon().name("resty-debug-end").start(() -> close(server));
    }
  }

  private void close(DebugServer server) {
    try {
      server.close();
    } catch (RuntimeException | Error failure) { // the tool's: others are closed all the same
      log.warn("cannot close the debugger at " + Ports.text(server.address()) + ": " + failure);
    }
  }

  /** Stops to listen, and lets go on what stands at a breakpoint; not waited for. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  /** Which engines a server has got, and since when it cannot listen. The thread's. */
  private final class Opening {
    private final DebugServer server;
    private final Set<Entry> added = new HashSet<>();
    private long failingSinceNanos;
    private boolean told;

    Opening(DebugServer server) {
      this.server = server;
    }

    void look() {
      Collection<Entry> all = DebuggedEngines.all();
      for (Entry entry : all) {
        if (!added.contains(entry)) {
          open(entry);
        }
      }
    }

    private void open(Entry entry) {
      try {
        server.add(entry.language(), EngineAccess.of(entry.engine()));
        added.add(entry);
        failingSinceNanos = 0;
        told = false;
      } catch (IOException failure) {
        tell(String.valueOf(failure.getMessage()));
      } catch (RuntimeException | Error failure) { // the tool's fault, not one of the guests
        added.add(entry);
        log.error("cannot open " + entry.language() + " to a debugger: " + failure);
      }
    }

    private void tell(String reason) {
      long now = System.nanoTime();
      if (failingSinceNanos == 0) {
        failingSinceNanos = now;
      } else if (!told && now - failingSinceNanos > QUIET_NANOS) {
        told = true;
        log.warn(
            "no debugger can connect: cannot listen on %s (%s). Handlers run without one; it is"
                    .formatted(Ports.text(server.address()), reason)
                + " tried again until the port is free");
      }
    }
  }
}
