package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.oracle.truffle.api.strings.TruffleString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The encodings of Node's buffers, as lenient as Node's.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; what is wrong is replaced, skipped or ends the
 * text.
 */
enum Encoding {
  UTF_8 {
    @Override
    String text(byte[] bytes) {
      return Utf8.decode(bytes);
    }

    @Override
    byte[] encode(String text) {
      return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    int wholeCharacters(byte[] encoded, int limit) {
      if (limit >= encoded.length) {
        return encoded.length;
      }
      int end = limit;
      while (end > 0 && (encoded[end] & 0xC0) == 0x80) {
        end--;
      }
      return end;
    }
  },
  LATIN_1 {
    @Override
    String text(byte[] bytes) {
      return new String(bytes, ISO_8859_1);
    }

    @Override
    byte[] encode(String text) {
      byte[] bytes = new byte[text.length()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) text.charAt(i);
      }
      return bytes;
    }
  },
  ASCII {
    @Override
    String text(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 0x7F;
      }
      return new String(bytes, ISO_8859_1);
    }

    @Override
    byte[] encode(String text) {
      return LATIN_1.encode(text);
    }
  },
  UTF_16 {
    @Override
    String text(byte[] bytes) {
      char[] units = new char[bytes.length / 2];
      for (int i = 0; i < units.length; i++) {
        units[i] = (char) ((bytes[2 * i] & 0xFF) | bytes[2 * i + 1] << 8);
      }
      return new String(units);
    }

    @Override
    byte[] encode(String text) {
      byte[] bytes = new byte[2 * text.length()];
      for (int i = 0; i < text.length(); i++) {
        bytes[2 * i] = (byte) text.charAt(i);
        bytes[2 * i + 1] = (byte) (text.charAt(i) >> 8);
      }
      return bytes;
    }

    @Override
    int wholeCharacters(byte[] encoded, int limit) {
      return Math.min(encoded.length, limit & ~1);
    }
  },
  HEX {
    @Override
    String text(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    /** Up to the first pair that is no hexadecimal number. */
    @Override
    byte[] encode(String text) {
      byte[] bytes = new byte[text.length() / 2];
      for (int i = 0; i < bytes.length; i++) {
        int high = digit(text.charAt(2 * i));
        int low = digit(text.charAt(2 * i + 1));
        if (high < 0 || low < 0) {
          return Arrays.copyOf(bytes, i);
        }
        bytes[i] = (byte) (high << 4 | low);
      }
      return bytes;
    }

    private int digit(char unit) {
      return HexFormat.isHexDigit(unit) ? HexFormat.fromHexDigit(unit) : -1;
    }
  },
  BASE_64 {
    @Override
    String text(byte[] bytes) {
      return new String(Base64.getEncoder().encode(bytes), ISO_8859_1);
    }

    /** Either alphabet; everything else is skipped, and what is behind padding too. */
    @Override
    byte[] encode(String text) {
      byte[] bytes = new byte[text.length() * 3 / 4 + 3];
      int count = 0;
      int bits = 0;
      int held = 0;
      for (int i = 0; i < text.length(); i++) {
        int unit = text.charAt(i) & 0xFF; // as Node, of characters beyond Latin 1 too
        if (unit == '=') {
          break;
        }
        int value = unit < 128 ? VALUES[unit] : -1;
        if (value >= 0) {
          bits = bits << 6 | value;
          held += 6;
          if (held >= 8) {
            held -= 8;
            bytes[count++] = (byte) (bits >> held);
          }
        }
      }
      return Arrays.copyOf(bytes, count);
    }
  },
  BASE_64_URL {
    @Override
    String text(byte[] bytes) {
      return new String(Base64.getUrlEncoder().withoutPadding().encode(bytes), ISO_8859_1);
    }

    @Override
    byte[] encode(String text) {
      return BASE_64.encode(text);
    }
  };

  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < digits.length(); i++) {
      VALUES[digits.charAt(i)] = (byte) i;
    }
    VALUES['-'] = 62;
    VALUES['_'] = 63;
  }

  abstract String text(byte[] bytes);

  abstract byte[] encode(String text);

  /** How many of the encoded bytes to write where there is room for {@code limit}. */
  int wholeCharacters(byte[] encoded, int limit) {
    return Math.min(encoded.length, limit);
  }

  final TruffleString decode(Bytes bytes, int start, int end) {
    return Intrinsics.text(text(bytes.copy(start, end)));
  }

  /** Java would put a question mark for a lone surrogate. */
  private static String wellFormed(String text) {
    StringBuilder changed = null;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        changed = changed == null ? new StringBuilder(text) : changed;
        changed.setCharAt(i, '\ufffd');
      }
    }
    return changed == null ? text : changed.toString();
  }
}
