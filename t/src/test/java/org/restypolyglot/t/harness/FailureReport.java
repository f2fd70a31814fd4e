package org.restypolyglot.t.harness;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * A failed test tells what its nginxes logged last, and keeps their folders; those of the others
 * are removed. JUnit finds this class by itself, for every test.
 */
public final class FailureReport implements AfterEachCallback, AfterAllCallback {

  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  private static void end(ExtensionContext context) {
    context
        .getExecutionException()
        .filter(failure -> !(failure instanceof TestAbortedException))
        .ifPresent(FailureReport::report);
    Prefix.removeReleased();
  }

  private static void report(Throwable failure) {
    String kept = Prefix.keepAll();
    if (!kept.isEmpty()) {
      failure.addSuppressed(new AssertionError(kept));
    }
  }
}
