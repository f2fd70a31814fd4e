package org.restypolyglot.guest.js;

/**
 * A system call has failed; how JavaScript is told is the caller's.
 *
 * <p><b>Threads</b>: any. It has no stack trace: a file that is not there is no exception.
 */
final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /**
   * @param errno Linux's positive number
   */
  ErrnoException(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }

  int errno() {
    return errno;
  }

  /**
   * @param result a function's of {@link Libc}
   * @return the same, if it is no failure
   * @throws ErrnoException if it is one
   */
  static long check(long result) {
    if (result < 0) {
      throw new ErrnoException((int) -result);
    }
    return result;
  }
}
