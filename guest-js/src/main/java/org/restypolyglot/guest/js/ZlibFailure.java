package org.restypolyglot.guest.js;

/**
 * What zlib says of a stream.
 *
 * <p><b>Threads</b>: any.
 */
final class ZlibFailure extends Exception {
  private static final long serialVersionUID = 1;

  private static final int NEED_DICT_NUMBER = 2;
  private static final int DATA_ERROR_NUMBER = -3;
  private static final int BUF_ERROR_NUMBER = -5;

  private final String code;
  private final int number;

  /**
   * @param code "Z_DATA_ERROR"
   * @param number zlib's of the code
   */
  ZlibFailure(String message, String code, int number) {
    super(message);
    this.code = code;
    this.number = number;
  }

  static ZlibFailure data(String message) {
    return new ZlibFailure(message, "Z_DATA_ERROR", DATA_ERROR_NUMBER);
  }

  static ZlibFailure dictionary(String message) {
    return new ZlibFailure(message, "Z_NEED_DICT", NEED_DICT_NUMBER);
  }

  static ZlibFailure truncated() {
    return new ZlibFailure("unexpected end of file", "Z_BUF_ERROR", BUF_ERROR_NUMBER);
  }

  String code() {
    return code;
  }

  int number() {
    return number;
  }
}
