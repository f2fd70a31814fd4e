package org.restypolyglot.guest.js;

import java.security.SecureRandom;

/**
 * What nobody can guess. A class of its own, as making it takes the JDK a while: who needs none of
 * it pays nothing.
 *
 * <p><b>Threads</b>: any.
 */
final class Randomness {
  static final SecureRandom SECURE = new SecureRandom();

  private Randomness() {}
}
