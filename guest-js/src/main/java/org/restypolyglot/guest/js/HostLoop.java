package org.restypolyglot.guest.js;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.polyglot.EngineFailures;

/**
 * The way into the context for what happens outside of it: I/O that is complete, messages of other
 * threads. Each callback is a turn of its own (turns.js).
 *
 * <p><b>Threads</b>: any; {@link #close} on the guest thread. <b>Owns</b>: what was given to {@link
 * #own}, until it is released or the loop closes. <b>Failure</b>: what the user's code throws is
 * told inside the context; what comes out of it is told to {@code damaged} and goes to the
 * executor.
 */
public final class HostLoop implements AutoCloseable {
  private final GuestExecutor executor;
  private final Consumer<String> damaged;
  private final Set<AutoCloseable> owned = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Value enter;
  private volatile @Nullable Value nothing;
  private volatile boolean closed;

  HostLoop(GuestExecutor executor, Consumer<String> damaged) {
    this.executor = executor;
    this.damaged = damaged;
  }

  /**
   * How callbacks are called: a function of the callback and its arguments; and a callback that
   * does nothing. Called once.
   */
  @Export
  public void enterWith(Value function, Value noCode) {
    enter = function;
    nothing = noCode;
  }

  /**
   * Calls {@code callback(...arguments)} in a turn of its own, soon. Any thread.
   *
   * @param arguments numbers, texts, null, and what else JavaScript may get from Java
   */
  void enter(Value callback, @Nullable Object... arguments) {
    executor.execute(() -> enterNow(callback, arguments));
  }

  /** Enters the context for nothing, so that what waits for that goes on. The guest thread. */
  void enterAndLeave() {
    Value none = nothing;
    if (none != null) {
      enterNow(none, new Object[0]);
    }
  }

  private void enterNow(Value callback, @Nullable Object[] arguments) {
    Value way = enter;
    if (closed || way == null) {
      return;
    }
    Object[] all = new Object[arguments.length + 1];
    all[0] = callback;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      way.executeVoid(all);
    } catch (PolyglotException failure) { // promise reactions that waited are lost with it
      damaged.accept(EngineFailures.text(failure));
      throw failure;
    }
  }

  /** Closes {@code resource} with the context, if it is not released before. Any thread. */
  <T extends AutoCloseable> T own(T resource) {
    owned.add(resource);
    if (closed && owned.remove(resource)) {
      closeQuietly(resource);
    }
    return resource;
  }

  /** The resource has been closed, or its owner is another one now. Any thread. */
  void release(AutoCloseable resource) {
    owned.remove(resource);
  }

  /** Closes what it owns; callbacks that wait are not called any more. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(owned).stream().filter(owned::remove).forEach(HostLoop::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception ended) {
      // the context ends, and nobody is left to be told
    }
  }
}
