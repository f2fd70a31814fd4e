package org.restypolyglot.guest.python;

import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.shadowed.com.ibm.icu.lang.UCharacter;
import org.graalvm.shadowed.com.ibm.icu.lang.UProperty;
import org.jspecify.annotations.Nullable;

/**
 * What GraalPy's {@code unicodedata} has in a C extension only, from the tables that it has in Java
 * too. The standard library asks for some of it unasked: a traceback whose source line is not
 * ASCII, and every TLS client, would load Python's C interface and the extension, which takes
 * seconds. What nobody asks for unasked stays there: repairs.py.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class UnicodeTables {
  private UnicodeTables() {}

  static void addTo(Map<String, Object> functions) {
    functions.put("east_asian_width", (ProxyExecutable) UnicodeTables::eastAsianWidth);
    functions.put("combining", (ProxyExecutable) UnicodeTables::combining);
    functions.put("character_named", (ProxyExecutable) UnicodeTables::characterNamed);
  }

  /** {@code east_asian_width(code point) -> str}: "Na", "W" and so on. */
  private static Object eastAsianWidth(Value... arguments) {
    int width = UCharacter.getIntPropertyValue(arguments[0].asInt(), UProperty.EAST_ASIAN_WIDTH);
    return UCharacter.getPropertyValueName(
        UProperty.EAST_ASIAN_WIDTH, width, UProperty.NameChoice.SHORT);
  }

  /** {@code combining(code point) -> int}. */
  private static Object combining(Value... arguments) {
    return UCharacter.getCombiningClass(arguments[0].asInt());
  }

  /** {@code character_named(name) -> str | None}. */
  private static @Nullable Object characterNamed(Value... arguments) {
    String name = arguments[0].asString();
    int found = UCharacter.getCharFromName(name);
    return found < 0 ? null : Character.toString(found);
  }
}
