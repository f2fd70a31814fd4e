package org.restypolyglot.core;

import java.util.Objects;

/** The version of this build, from the jar's manifest. */
public final class Version {

  /** For example {@code 0.1.0}; {@code development} outside a jar. */
  public static final String TEXT =
      Objects.requireNonNullElse(
          Version.class.getPackage().getImplementationVersion(), "development");

  private Version() {}
}
