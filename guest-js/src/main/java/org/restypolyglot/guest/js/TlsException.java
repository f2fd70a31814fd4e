package org.restypolyglot.guest.js;

/**
 * Something that OpenSSL would refuse, with the code that Node gives it; bindings/tls-errors.js has
 * the words.
 *
 * <p><b>Threads</b>: any.
 */
final class TlsException extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;

  TlsException(String code) {
    super(code, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }
}
