package org.restypolyglot.guest.python;

import com.oracle.graal.python.PythonLanguage;
import com.oracle.graal.python.builtins.objects.contextvars.PContextVarsContext;
import com.oracle.graal.python.runtime.PythonContext;
import com.oracle.graal.python.runtime.PythonContext.PythonThreadState;
import com.oracle.graal.python.runtime.object.PFactory;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * Gives each call the context variables that the load has left: what a handler sets is its own. An
 * asyncio task has a copy of them anyway; here it is for the thread's own, which a handler that is
 * no {@code async def} runs in. Done beneath Python, where it costs one small object a call, and
 * nothing until the guest imports {@code contextvars}.
 *
 * <p><b>Threads</b>: the home thread; {@code use_call_contexts} any. <b>Borrows</b>: the context.
 * <b>Failure</b>: none.
 */
final class CallContexts {
  private final PythonLanguage language;
  private final PythonThreadState homeThread;
  private volatile boolean used;
  private @Nullable PContextVarsContext kept;

  private CallContexts(PythonLanguage language, PythonThreadState homeThread) {
    this.language = language;
    this.homeThread = homeThread;
  }

  /** To be called on the home thread, inside the context. */
  static CallContexts ofThisThread() {
    PythonLanguage language = PythonLanguage.get(null);
    return new CallContexts(language, PythonContext.get(null).getThreadState(language));
  }

  void addTo(Map<String, Object> functions) {
    functions.put("use_call_contexts", (ProxyExecutable) this::use);
    functions.put("keep_call_context", (ProxyExecutable) this::keep);
  }

  /** {@code use_call_contexts()}: the guest has imported {@code contextvars}. */
  private @Nullable Object use(Value... arguments) {
    used = true;
    return null;
  }

  /** {@code keep_call_context()}: each call is to begin with what is set now. */
  private @Nullable Object keep(Value... arguments) {
    if (used) {
      kept = PFactory.copyContextVarsContext(language, homeThread.getContextVarsContext(null));
    }
    return null;
  }

  /** A call is about to begin. */
  void renew() {
    if (used) {
      homeThread.setContextVarsContext(
          kept == null
              ? PFactory.createContextVarsContext(language)
              : PFactory.copyContextVarsContext(language, kept));
    }
  }
}
