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
      int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
      int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
      while (missing > 0 && at < bytes.length) {
        int next = bytes[at] & 0xFF;
        if (next < low || next > high) {
          break;
        }
        code = code << 6 | (next & 0x3F);
        low = 0x80;
        high = 0xBF;
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
