package org.restypolyglot.guest.python;

import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Compiles a tree of the module {@code ast}, as {@code compile} does; but in a tree that it gets
 * GraalPy 25.0.3 takes each function for one with type parameters, which leaves a name in the
 * classes that it stands in. None of this is an interface of GraalPy's.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none, of a tree that {@code compile} has taken.
 */
final class Trees {
  private final Interpreter interpreter;

  Trees(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("compile_tree", (ProxyExecutable) this::compile);
  }

  /** {@code compile_tree(tree, path, optimize) -> code}: of a module. */
  private Object compile(Value... arguments) {
    return interpreter.compile(
        interpreter.objectOf(arguments[0]),
        Trees::forgetTypeParameters,
        arguments[1].asString(),
        arguments[2].asInt());
  }

  private static void forgetTypeParameters(ModTy module) {
    try {
      visit(module);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of GraalPy: " + e, e);
    }
  }

  private static void visit(Object node) throws ReflectiveOperationException {
    boolean isFunction =
        node instanceof StmtTy.FunctionDef || node instanceof StmtTy.AsyncFunctionDef;
    for (Field field : node.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      Object value = field.get(node);
      if (value instanceof SSTNode child) {
        visit(child);
      } else if (value instanceof Object[] children) {
        if (isFunction && field.getName().equals("typeParams") && Array.getLength(value) == 0) {
          field.set(node, null);
        }
        for (Object child : children) {
          if (child instanceof SSTNode) {
            visit(child);
          }
        }
      }
    }
  }
}
