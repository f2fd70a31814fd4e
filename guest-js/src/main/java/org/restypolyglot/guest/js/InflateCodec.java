package org.restypolyglot.guest.js;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses zlib's format and that without a header.
 *
 * <p><b>Threads</b>, <b>Owns</b>, <b>Failure</b>: see {@link ZlibCodec}.
 */
final class InflateCodec implements ZlibCodec {
  private static final int WINDOW_BITS_BASE = 8;

  private final boolean isRaw;
  private final int windowBits;
  private final byte[] dictionary;
  private final Inflater inflater;
  private boolean hasBegun;

  /**
   * @param windowBits the largest window; 0: what the stream says
   */
  InflateCodec(boolean isRaw, int windowBits, byte[] dictionary) {
    this.isRaw = isRaw;
    this.windowBits = windowBits;
    this.dictionary = dictionary;
    this.inflater = new Inflater(isRaw);
    setRawDictionary();
  }

  private void setRawDictionary() {
    if (isRaw && dictionary.length > 0) {
      inflater.setDictionary(dictionary);
    }
  }

  @Override
  public void run(int flush, ByteSpan in, ByteSpan out) throws ZlibFailure {
    decompress(in, out);
    if (flush == FINISH && !isFinished() && !out.isEmpty()) {
      throw ZlibFailure.truncated();
    }
  }

  /** What is there; the end of the input is no failure. */
  void decompress(ByteSpan in, ByteSpan out) throws ZlibFailure {
    checkWindow(in);
    inflater.setInput(in.bytes, in.at, in.left());
    try {
      int count = inflater.inflate(out.bytes, out.at, out.left());
      if (inflater.needsDictionary()) {
        setDictionary();
        count = inflater.inflate(out.bytes, out.at, out.left());
      }
      out.at += count;
    } catch (DataFormatException e) {
      throw ZlibFailure.data(String.valueOf(e.getMessage()));
    } finally {
      in.at = in.end - inflater.getRemaining();
    }
  }

  private void checkWindow(ByteSpan in) throws ZlibFailure {
    if (hasBegun || in.isEmpty()) {
      return;
    }
    hasBegun = true;
    int first = in.bytes[in.at] & 0xff;
    boolean isDeflate = (first & 0xf) == 8;
    if (!isRaw
        && windowBits > 0
        && isDeflate
        && (first >> 4) + WINDOW_BITS_BASE > windowBits
        && (in.left() < 2 || ((first << 8) + (in.bytes[in.at + 1] & 0xff)) % 31 == 0)) {
      throw ZlibFailure.data("invalid window size");
    }
  }

  private void setDictionary() throws ZlibFailure {
    if (dictionary.length == 0) {
      throw ZlibFailure.dictionary("Missing dictionary");
    }
    try {
      inflater.setDictionary(dictionary);
    } catch (IllegalArgumentException e) {
      throw ZlibFailure.dictionary("Bad dictionary");
    }
  }

  boolean isFinished() {
    return inflater.finished();
  }

  @Override
  public void reset() {
    hasBegun = false;
    inflater.reset();
    setRawDictionary();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
