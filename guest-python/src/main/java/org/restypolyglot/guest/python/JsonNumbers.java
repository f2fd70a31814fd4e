package org.restypolyglot.guest.python;

import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Finds the numbers in JSON that are too long for an int, quicker than Python's {@code re} does: a
 * document may be long, and all of it is looked at before it is read (repairs.py).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class JsonNumbers {
  private JsonNumbers() {}

  static void addTo(Map<String, Object> functions) {
    functions.put("has_digits", (ProxyExecutable) JsonNumbers::hasDigits);
  }

  /** {@code has_digits(text, count) -> bool}: whether so many digits follow each other. */
  private static Object hasDigits(Value... arguments) {
    return hasDigits(arguments[0].asString(), arguments[1].asInt());
  }

  /** From one place to the next that is so far away: most text is not looked at. */
  private static boolean hasDigits(String text, int count) {
    int end = 0; // what is before it cannot be part of such a number
    while (end + count <= text.length()) {
      int i = end + count;
      while (i > end && isDigit(text.charAt(i - 1))) {
        i--;
      }
      if (i == end) {
        return true;
      }
      end = i;
    }
    return false;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
