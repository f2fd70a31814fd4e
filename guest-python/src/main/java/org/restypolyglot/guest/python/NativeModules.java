package org.restypolyglot.guest.python;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which guest of the process has the standard library's C extension modules: GraalPy can load them
 * into one context only, even after that one is closed.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class NativeModules {
  private static final AtomicReference<@Nullable Object> OWNER = new AtomicReference<>();

  private NativeModules() {}

  /**
   * Whether the guest that has {@code token} may load such modules: it is the first to ask.
   *
   * @param token of the guest's own; is kept until the process ends, so it must hold nothing
   */
  static boolean claim(Object token) {
    return OWNER.compareAndSet(null, token) || OWNER.get() == token;
  }
}
