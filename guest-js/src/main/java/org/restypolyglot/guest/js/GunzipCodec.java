package org.restypolyglot.guest.js;

import java.util.zip.CRC32;

/**
 * Decompresses gzip, one member behind another.
 *
 * <p><b>Threads</b>, <b>Owns</b>, <b>Failure</b>: see {@link ZlibCodec}.
 */
final class GunzipCodec implements ZlibCodec {
  private static final int TRAILER_BYTES = 8;
  private static final int CRC_BYTES = 4;
  private static final byte[] NONE = {};

  private final InflateCodec body = new InflateCodec(true, 0, NONE);
  private final CRC32 crc = new CRC32();
  private GzipHeader header = new GzipHeader();
  private long length;
  private long trailer;
  private int trailerBytes;

  @Override
  public void run(int flush, ByteSpan in, ByteSpan out) throws ZlibFailure {
    member(in, out);
    // What follows is another member, or garbage; zeros are padding.
    while (isFinished() && !in.isEmpty() && in.bytes[in.at] != 0) {
      reset();
      member(in, out);
    }
    if (flush == FINISH && !isFinished() && !out.isEmpty()) {
      throw ZlibFailure.truncated();
    }
  }

  private void member(ByteSpan in, ByteSpan out) throws ZlibFailure {
    while (!header.isDone() && !in.isEmpty()) {
      header.accept(in.next());
    }
    if (!header.isDone()) {
      return;
    }
    if (!body.isFinished()) {
      int from = out.at;
      body.decompress(in, out);
      crc.update(out.bytes, from, out.at - from);
      length += out.at - from;
    }
    while (body.isFinished() && trailerBytes < TRAILER_BYTES && !in.isEmpty()) {
      trailer |= (long) in.next() << (8 * trailerBytes);
      trailerBytes++;
      checkTrailer();
    }
  }

  private void checkTrailer() throws ZlibFailure {
    if (trailerBytes == CRC_BYTES && (trailer & 0xffffffffL) != crc.getValue()) {
      throw ZlibFailure.data("incorrect data check");
    }
    if (trailerBytes == TRAILER_BYTES && trailer >>> 32 != (length & 0xffffffffL)) {
      throw ZlibFailure.data("incorrect length check");
    }
  }

  private boolean isFinished() {
    return trailerBytes == TRAILER_BYTES;
  }

  @Override
  public void reset() {
    header = new GzipHeader();
    body.reset();
    crc.reset();
    length = 0;
    trailer = 0;
    trailerBytes = 0;
  }

  @Override
  public void close() {
    body.close();
  }
}
