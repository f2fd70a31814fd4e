package org.restypolyglot.guest.js;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Headers as text, in the order that they have, one character for one byte: name, NUL, value, NUL,
 * flags. To send: U+0001 for what is never to be kept in a table of HPACK, as the library has it;
 * of what came: '1' for that, else '0'.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; what HTTP does not allow in a header is not let in.
 */
final class Http2HeaderText {
  private static final char NEVER_INDEXED = 1;

  /** What nghttp2 adds for a block and for a header, when it guesses how long they become. */
  private static final int BLOCK_EXTRA = 12;

  private static final int HEADER_EXTRA = 12;

  private Http2HeaderText() {}

  /**
   * Headers to send.
   *
   * @param headers all of them
   * @param sensitive the values that are not to be kept in tables, as objects
   * @param guessedLength nghttp2's guess of the length of the block
   */
  record Outgoing(Http2Headers headers, Set<CharSequence> sensitive, int guessedLength) {}

  static Outgoing parse(String text) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    Set<CharSequence> sensitive = Collections.newSetFromMap(new IdentityHashMap<>());
    int guess = BLOCK_EXTRA;
    for (int at = 0; at < text.length(); ) {
      int nameEnd = text.indexOf('\0', at);
      int valueEnd = text.indexOf('\0', nameEnd + 1);
      AsciiString name = bytes(text, at, nameEnd);
      AsciiString value = bytes(text, nameEnd + 1, valueEnd);
      headers.add(name, value);
      if (text.charAt(valueEnd + 1) == NEVER_INDEXED) {
        sensitive.add(value);
      }
      guess += HEADER_EXTRA + name.length() + value.length();
      at = valueEnd + 2;
    }
    return new Outgoing(headers, sensitive, guess);
  }

  /** The low byte of each character, as V8 makes one-byte strings. */
  private static AsciiString bytes(String text, int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(from + i);
    }
    return new AsciiString(bytes, false);
  }

  /**
   * Headers that came.
   *
   * @param neverIndexed which of them, by their place, are to stay out of tables
   */
  static String text(Http2Headers headers, Set<Integer> neverIndexed) {
    StringBuilder text = new StringBuilder();
    int place = 0;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      if (isValid(header.getKey(), header.getValue())) {
        text.append(header.getKey()).append('\0').append(header.getValue()).append('\0');
        text.append(neverIndexed.contains(place) ? '1' : '0');
      }
      place++;
    }
    return text.toString();
  }

  private static boolean isValid(CharSequence name, CharSequence value) {
    return !name.isEmpty()
        && value.chars().noneMatch(unit -> unit == '\0' || unit == '\r' || unit == '\n');
  }
}
