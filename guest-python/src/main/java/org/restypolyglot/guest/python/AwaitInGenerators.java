package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.objects.code.PCode;
import com.oracle.graal.python.compiler.BytecodeCodeUnit;
import com.oracle.graal.python.compiler.CodeUnit;
import com.oracle.graal.python.compiler.OpCodes;
import java.util.Arrays;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Finds generator expressions that are asynchronous because they await: GraalPy 25.0.3 has them
 * yield to the event loop what is for their caller, unless they begin with {@code async for}.
 * {@code syntax.py} compiles such modules anew.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class AwaitInGenerators {
  private static final String GENERATOR_EXPRESSION = "<genexpr>";

  private final Interpreter interpreter;

  AwaitInGenerators(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("awaits_in_generators", (ProxyExecutable) this::find);
  }

  /** {@code awaits_in_generators(code) -> bool}: in a module's code, with all functions in it. */
  private Object find(Value... arguments) {
    return interpreter.objectOf(arguments[0]) instanceof PCode code && isIn(code.getCodeUnit());
  }

  private static boolean isIn(CodeUnit unit) {
    return isOne(unit)
        || Arrays.stream(unit.constants)
            .anyMatch(value -> value instanceof CodeUnit it && isIn(it));
  }

  private static boolean isOne(CodeUnit unit) {
    if (!(unit instanceof BytecodeCodeUnit code)
        || !code.isAsyncGenerator()
        || !code.name.toJavaStringUncached().equals(GENERATOR_EXPRESSION)) {
      return false;
    }
    boolean[] wraps = new boolean[1];
    BytecodeCodeUnit.iterateBytecode(
        code.code, (bci, op, oparg, followingArgs) -> wraps[0] |= op == OpCodes.ASYNCGEN_WRAP);
    return !wraps[0];
  }
}
