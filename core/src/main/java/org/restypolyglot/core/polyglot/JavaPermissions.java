package org.restypolyglot.core.polyglot;

import java.util.Set;
import org.graalvm.polyglot.HostAccess.Export;

/**
 * Which Java classes a guest may look up: by name, or by package with {@code .*} at the end, which
 * includes its sub-packages.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
public final class JavaPermissions {
  private static final String ANY = "*";

  private final Set<String> permitted;

  public JavaPermissions(Set<String> permitted) {
    this.permitted = permitted;
  }

  public boolean isEmpty() {
    return permitted.isEmpty();
  }

  /** Whether the class of this name may be looked up. */
  @Export
  public boolean permits(String className) {
    return permitted.stream().anyMatch(pattern -> matches(pattern, className));
  }

  private static boolean matches(String pattern, String className) {
    if (pattern.endsWith(ANY)) {
      return className.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return className.equals(pattern) || className.startsWith(pattern + "$");
  }
}
