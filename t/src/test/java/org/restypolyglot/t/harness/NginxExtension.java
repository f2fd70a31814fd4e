package org.restypolyglot.t.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One nginx for all tests of a class; checked after each test, stopped gracefully after the last.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final NginxExtension NGINX = new NginxExtension(new NginxConf().workers(2));
 * }</pre>
 */
public final class NginxExtension
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final NginxConf conf;
  private @Nullable Nginx nginx;

  public NginxExtension(NginxConf conf) {
    this.conf = conf;
  }

  /** The running nginx. */
  public Nginx get() {
    if (nginx == null) {
      throw new IllegalStateException("nginx is not running");
    }
    return nginx;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    nginx = conf.start();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    get().check();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (nginx != null) { // null: it did not start
      nginx.close();
    }
  }
}
