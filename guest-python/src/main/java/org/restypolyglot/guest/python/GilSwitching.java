package org.restypolyglot.guest.python;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestLog;

/**
 * Makes the threads of a context take turns: every 50 ms one that computes gives the interpreter
 * lock to one that waits for it.
 *
 * <p>GraalPy 25.0.3 does this by itself for the first context of an engine that has a second
 * thread, and forgets it for all later ones, where a thread that computes then keeps the lock, and
 * every handler waits. So what GraalPy calls for the first context is called here; it is no
 * interface of GraalPy's, hence the reflection.
 *
 * <p><b>Threads</b>: {@link #start} on a thread that is inside the context. <b>Failure</b>: logged.
 */
final class GilSwitching {
  private static final String CONTEXT_CLASS = "com.oracle.graal.python.runtime.PythonContext";
  private static final String NODE_CLASS = "com.oracle.truffle.api.nodes.Node";

  private GilSwitching() {}

  /** For the context that the calling thread is in; call once. */
  static void start(GuestLog log) {
    try {
      Class<?> contextClass = Class.forName(CONTEXT_CLASS);
      Method get = contextClass.getMethod("get", Class.forName(NODE_CLASS));
      Method initialize = contextClass.getMethod("initializeMultiThreading");
      @Nullable Object noNode = null;
      initialize.invoke(get.invoke(null, noNode));
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.warn("a Python thread that computes will keep all handlers waiting: " + e);
    }
  }
}
