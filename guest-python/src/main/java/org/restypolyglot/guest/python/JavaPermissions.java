package org.restypolyglot.guest.python;

import java.util.Set;

/**
 * Which Java classes a guest may look up: by name, or by package with {@code .*} at the end, which
 * includes its sub-packages.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class JavaPermissions {
  private static final String ANY = "*";

  private final Set<String> permitted;

  JavaPermissions(Set<String> permitted) {
    this.permitted = permitted;
  }

  boolean isEmpty() {
    return permitted.isEmpty();
  }

  /** Whether the class of this name may be looked up. */
  boolean permits(String className) {
    return permitted.stream().anyMatch(pattern -> matches(pattern, className));
  }

  private static boolean matches(String pattern, String className) {
    if (pattern.endsWith(ANY)) {
      return className.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return className.equals(pattern) || className.startsWith(pattern + "$");
  }
}
