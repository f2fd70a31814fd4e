package org.restypolyglot.guest.js;

import org.graalvm.polyglot.Value;

/**
 * Bytes of JavaScript's buffers, copied.
 *
 * <p><b>Threads</b>: the guest thread.
 */
final class HostBytes {
  private HostBytes() {}

  /**
   * @param buffer an ArrayBuffer; anything where {@code length} is 0
   */
  static byte[] copy(Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      buffer.readBuffer(offset, bytes, 0, length);
    }
    return bytes;
  }
}
