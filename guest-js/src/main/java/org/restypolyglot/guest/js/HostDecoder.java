package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
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
  private byte[] rest = {};

  HostDecoder(Charset charset, boolean fatal) {
    CodingErrorAction action = fatal ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE;
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
