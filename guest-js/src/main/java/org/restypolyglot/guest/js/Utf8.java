package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as the web reads it: what is wrong becomes U+FFFD once for each longest beginning of a
 * character, where Java takes three bytes of a surrogate for one.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class Utf8 {
  private static final char REPLACEMENT = '\ufffd';

  private Utf8() {}

  static boolean isValid(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** How many bytes at the end are the beginning of a character. */
  static int incompleteAtEnd(byte[] bytes) {
    for (int count = 1; count <= Math.min(3, bytes.length); count++) {
      int first = bytes[bytes.length - count] & 0xFF;
      if (first >= 0xC0) {
        int length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
        boolean isOne = count == 1 || isSecond(first, bytes[bytes.length - count + 1] & 0xFF);
        return count < length && isOne ? count : 0;
      }
      if (first < 0x80) {
        return 0;
      }
    }
    return 0;
  }

  /** Whether a character that begins with {@code first} may go on with {@code next}. */
  private static boolean isSecond(int first, int next) {
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return next >= low && next <= high;
  }

  static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeSlowly(bytes);
  }

  private static String decodeSlowly(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int first = bytes[at++] & 0xFF;
      int missing = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0;
      if (missing == 0) {
        text.append(first < 0x80 ? (char) first : REPLACEMENT);
        continue;
      }
      int code = first & (0x3F >> missing);
      int before = first;
      while (missing > 0 && at < bytes.length) {
        int next = bytes[at] & 0xFF;
        if (!isSecond(before, next)) {
          break;
        }
        code = code << 6 | (next & 0x3F);
        before = 0x80; // after the second, any that goes on will do
        at++;
        missing--;
      }
      if (missing == 0) {
        text.appendCodePoint(code);
      } else {
        text.append(REPLACEMENT);
      }
    }
    return text.toString();
  }
}
