package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.objects.code.PCode;
import com.oracle.truffle.api.RootCallTarget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * The code of modules that are the same in all contexts: the standard library's and ours. GraalPy
 * would make it anew in each context, and it would be interpreted, and compiled when it is hot,
 * from the beginning in each. What users write is not shared: it changes, and its old versions
 * would stay for ever.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the code, until the JVM ends. <b>Failure</b>: none.
 */
final class SharedCode {
  private static final Map<String, RootCallTarget> CODE = new ConcurrentHashMap<>();

  private final Interpreter interpreter;

  SharedCode(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("shared_code", (ProxyExecutable) this::get);
    functions.put("share_code", (ProxyExecutable) this::put);
  }

  /** {@code shared_code(file) -> code | None}: a code object of this context. */
  private @Nullable Object get(Value... arguments) {
    String file = arguments[0].asString();
    RootCallTarget code = CODE.get(file);
    return code == null ? null : interpreter.codeObject(code, file);
  }

  /** {@code share_code(file, code)}: for the contexts that ask from now on. */
  private @Nullable Object put(Value... arguments) {
    if (interpreter.objectOf(arguments[1]) instanceof PCode code) {
      CODE.putIfAbsent(arguments[0].asString(), code.getRootCallTarget());
    }
    return null;
  }
}
