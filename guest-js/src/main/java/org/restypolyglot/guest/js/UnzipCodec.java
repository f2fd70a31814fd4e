package org.restypolyglot.guest.js;

import org.jspecify.annotations.Nullable;

/**
 * Decompresses gzip or zlib's format, whichever it is: the first two bytes tell.
 *
 * <p><b>Threads</b>, <b>Owns</b>, <b>Failure</b>: see {@link ZlibCodec}.
 */
final class UnzipCodec implements ZlibCodec {
  private static final byte MAGIC_1 = 0x1f;
  private static final byte MAGIC_2 = (byte) 0x8b;

  private final int windowBits;
  private final byte[] dictionary;
  private boolean hasFirst;
  private @Nullable ZlibCodec chosen;

  UnzipCodec(int windowBits, byte[] dictionary) {
    this.windowBits = windowBits;
    this.dictionary = dictionary;
  }

  @Override
  public void run(int flush, ByteSpan in, ByteSpan out) throws ZlibFailure {
    ZlibCodec codec = chosen;
    if (codec == null) {
      codec = choose(in, out);
    }
    if (codec != null) {
      codec.run(flush, in, out);
    } else if (flush == FINISH) {
      throw ZlibFailure.truncated();
    }
  }

  /** Null: it cannot be told yet. */
  private @Nullable ZlibCodec choose(ByteSpan in, ByteSpan out) throws ZlibFailure {
    if (in.isEmpty()) {
      return null;
    }
    if (!hasFirst && in.bytes[in.at] == MAGIC_1) {
      hasFirst = true;
      in.at++;
      if (in.isEmpty()) {
        return null;
      }
    }
    ZlibCodec codec =
        hasFirst && in.bytes[in.at] == MAGIC_2
            ? new GunzipCodec()
            : new InflateCodec(false, windowBits, dictionary);
    chosen = codec;
    if (hasFirst) {
      codec.run(NO_FLUSH, new ByteSpan(new byte[] {MAGIC_1}), out);
    }
    return codec;
  }

  @Override
  public void reset() throws ZlibFailure {
    // As in zlib, which is one and the same stream for both, the choice is made once.
    if (chosen != null) {
      chosen.reset();
    }
  }

  @Override
  public void close() {
    if (chosen != null) {
      chosen.close();
    }
  }
}
