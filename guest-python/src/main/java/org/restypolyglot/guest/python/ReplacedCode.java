package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.objects.code.PCode;
import com.oracle.graal.python.nodes.bytecode.PBytecodeGeneratorFunctionRootNode;
import com.oracle.graal.python.nodes.bytecode.PBytecodeRootNode;
import com.oracle.graal.python.util.PythonUtils;
import com.oracle.truffle.api.nodes.RootNode;
import java.lang.reflect.Field;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Gives the code that {@code code.replace()} makes its file and its name, which GraalPy 25.0.3
 * forgets when it makes it anew: tracebacks through a template of Jinja's, for instance, have them
 * from there. None of this is an interface of GraalPy's.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class ReplacedCode {
  private final Interpreter interpreter;

  ReplacedCode(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("mend_replaced_code", (ProxyExecutable) this::mend);
  }

  /** {@code mend_replaced_code(code) -> code}: the same. */
  private Object mend(Value... arguments) {
    if (interpreter.objectOf(arguments[0]) instanceof PCode code) {
      RootNode root = code.getRootCallTarget().getRootNode();
      try {
        if (root instanceof PBytecodeGeneratorFunctionRootNode) {
          root = (RootNode) field(root, "rootNode").get(root);
        }
        if (root instanceof PBytecodeRootNode) {
          field(root, "source").set(root, PythonUtils.createFakeSource(code.getFilename()));
          field(root, "name").set(root, code.getName());
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("another version of GraalPy: " + e, e);
      }
    }
    return arguments[0];
  }

  private static Field field(RootNode root, String name) throws NoSuchFieldException {
    Field field = root.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
