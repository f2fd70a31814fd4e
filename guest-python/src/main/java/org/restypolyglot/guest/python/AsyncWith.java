package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.objects.code.PCode;
import com.oracle.graal.python.compiler.BytecodeCodeUnit;
import com.oracle.graal.python.compiler.CodeUnit;
import com.oracle.graal.python.compiler.OpCodes;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * Repairs {@code async with} in compiled code: GraalPy 25.0.3 calls {@code __aexit__} when the
 * awaited {@code __aenter__} has raised, too. So {@code async with lock}, cancelled while it waits,
 * would release a lock that another task holds.
 *
 * <p><b>Threads</b>: any; code that several contexts share is changed once, before it runs.
 * <b>Failure</b>: none; code of another shape is left as it is.
 */
final class AsyncWith {
  /*
   * The statement, compiled            offset from the instruction after SETUP_AWITH
   *     SETUP_AWITH                    -1   what raises here is the business of who is around: outer
   *     GET_AWAITABLE, LOAD_NONE        0   exits
   *     SEND, YIELD_VALUE               2   exits
   *     RESUME_YIELD, JUMP_BACKWARD     5   goes to THROW
   *     THROW, JUMP_BACKWARD            8   exits
   *     the body                       12   exits
   * "exits" is the handler that calls __aexit__; but what the first twelve bytes raise belongs to
   * the outer one, if there is one. A table has four numbers for each range: its begin, its end,
   * where the handler is, and the height of the stack there. Ranges are in order and do not overlap.
   */

  private static final int ENTRY = 4;
  private static final int RESUME = 5;
  private static final int THROW = 8;
  private static final int BODY = 12;

  private final Interpreter interpreter;

  AsyncWith(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("repair_async_with", (ProxyExecutable) this::repair);
  }

  /** {@code repair_async_with(code)}: in a module's code, with all functions in it. */
  private @Nullable Object repair(Value... arguments) {
    if (interpreter.objectOf(arguments[0]) instanceof PCode code) {
      repair(code.getCodeUnit());
    }
    return null;
  }

  private static void repair(CodeUnit unit) {
    for (Object constant : unit.constants) {
      if (constant instanceof CodeUnit inner) {
        repair(inner);
      }
    }
    if (unit instanceof BytecodeCodeUnit code && (code.isCoroutine() || code.isAsyncGenerator())) {
      BytecodeCodeUnit.iterateBytecode(
          code.code,
          (bci, op, oparg, followingArgs) -> {
            if (op == OpCodes.SETUP_AWITH) {
              repairTable(code.exceptionHandlerRanges, bci + op.length());
            }
          });
    }
  }

  /** {@code after}: the instruction behind SETUP_AWITH. */
  private static void repairTable(int[] table, int after) {
    synchronized (AsyncWith.class) {
      int exits = find(table, after, after + RESUME);
      int throwing = exits + ENTRY;
      int body = throwing + ENTRY;
      if (exits < 0
          || body >= table.length
          || !isRange(table, throwing, after + RESUME, after + THROW)
          || table[body] != after + THROW
          || table[body + 1] <= after + BODY) {
        return;
      }
      table[body] = after + BODY;
      int outer = exits - ENTRY;
      if (outer >= 0 && table[outer + 1] == after) {
        table[outer + 1] = after + RESUME;
        System.arraycopy(table, throwing, table, exits, ENTRY);
        System.arraycopy(table, outer, table, throwing, ENTRY);
        table[throwing] = after + THROW;
        table[throwing + 1] = after + BODY;
      } else {
        table[exits + 1] = after; // empty
      }
    }
  }

  private static int find(int[] table, int begin, int end) {
    for (int i = 0; i < table.length; i += ENTRY) {
      if (isRange(table, i, begin, end)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isRange(int[] table, int at, int begin, int end) {
    return table[at] == begin && table[at + 1] == end;
  }
}
