package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to text, piece by piece: behind TextDecoder.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: the bytes of a character that is not complete.
 * <b>Failure</b>: null for what cannot be decoded, if that is to be an error.
 */
public final class HostDecoder {
  private final CharsetDecoder decoder;
  private final boolean isLenientUtf8;
  private byte[] rest = {};

  HostDecoder(Charset charset, boolean fatal) {
    CodingErrorAction action = fatal ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE;
    isLenientUtf8 = charset.equals(StandardCharsets.UTF_8) && !fatal;
    decoder = charset.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
  }

  /** The text of {@code buffer[offset, offset + length)}; {@code flush}: it is the last piece. */
  @Export
  public @Nullable String decode(Value buffer, int offset, int length, boolean flush) {
    byte[] bytes = new byte[rest.length + length];
    System.arraycopy(rest, 0, bytes, 0, rest.length);
    if (length > 0) {
      buffer.readBuffer(offset, bytes, rest.length, length);
    }
    if (isLenientUtf8) {
      int complete = bytes.length - (flush ? 0 : Utf8.incompleteAtEnd(bytes));
      rest = Arrays.copyOfRange(bytes, complete, bytes.length);
      return Utf8.decode(Arrays.copyOf(bytes, complete));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 2);
    CoderResult result = decoder.decode(in, out, flush);
    if (flush && !result.isError()) {
      result = decoder.flush(out);
    }
    rest = new byte[flush || result.isError() ? 0 : in.remaining()];
    if (rest.length > 0) {
      in.get(rest);
    }
    if (flush || result.isError()) {
      decoder.reset();
    }
    return result.isError() ? null : out.flip().toString();
  }
}
