package org.restypolyglot.guest.js;

import java.util.Arrays;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.Deflater;

/**
 * Compresses to zlib's format, gzip, or that without a header.
 *
 * <p>The JDK's window is always one of 32 KB. For a smaller one the input is compressed in pieces
 * of its size that know nothing of one another: a bit larger, and right for who reads it.
 *
 * <p><b>Threads</b>, <b>Owns</b>, <b>Failure</b>: see {@link ZlibCodec}.
 */
final class DeflateCodec implements ZlibCodec {
  /** What is around the compressed data. */
  enum Frame {
    NONE,
    ZLIB,
    GZIP
  }

  private static final int MAX_WINDOW_BITS = 15;
  private static final int BEST = 9;
  private static final int DEFAULT_LEVEL = 6;
  private static final int LINUX = 3;

  /** What zlib may hold back, at most: its buffers. */
  private static final int PENDING_BYTES = 256 * 1024;

  private final Frame frame;
  private final int windowBits;
  private final byte[] dictionary;
  private final Deflater deflater;
  private final Checksum checksum;
  private int level;
  private int strategy;
  private ByteSpan frameBytes = new ByteSpan(new byte[0]);
  private boolean hasTrailer;
  private boolean isFlushingPiece;
  private long total;
  private int inPiece;

  DeflateCodec(Frame frame, int windowBits, int level, int strategy, byte[] dictionary) {
    this.frame = frame;
    this.windowBits = Math.max(windowBits, 9);
    this.level = level;
    this.strategy = strategy;
    this.dictionary = dictionary;
    this.deflater = new Deflater(level, true);
    this.deflater.setStrategy(knownStrategy(strategy));
    this.checksum = frame == Frame.GZIP ? new CRC32() : new Adler32();
    begin();
  }

  /** Of zlib's strategies the JDK has those up to Z_HUFFMAN_ONLY. */
  private static int knownStrategy(int strategy) {
    return strategy <= Deflater.HUFFMAN_ONLY ? strategy : Deflater.DEFAULT_STRATEGY;
  }

  private void begin() {
    boolean hasDictionary = dictionary.length > 0 && frame != Frame.GZIP;
    if (hasDictionary) {
      int window = 1 << windowBits;
      int from = Math.max(0, dictionary.length - window / 2);
      if (windowBits == MAX_WINDOW_BITS) {
        deflater.setDictionary(dictionary);
      } else {
        deflater.setDictionary(dictionary, from, dictionary.length - from);
        inPiece = dictionary.length - from;
      }
    }
    frameBytes =
        new ByteSpan(
            switch (frame) {
              case NONE -> new byte[0];
              case ZLIB -> zlibHeader(hasDictionary);
              case GZIP -> gzipHeader();
            });
  }

  private byte[] zlibHeader(boolean hasDictionary) {
    int first = ((windowBits - 8) << 4) | 8;
    int speed = levelFlags();
    int second = (speed << 6) | (hasDictionary ? 0x20 : 0);
    second += 31 - ((first << 8) + second) % 31;
    if (!hasDictionary) {
      return new byte[] {(byte) first, (byte) second};
    }
    Adler32 adler = new Adler32();
    adler.update(dictionary);
    byte[] header = new byte[6];
    header[0] = (byte) first;
    header[1] = (byte) second;
    putBigEndian(header, 2, adler.getValue());
    return header;
  }

  private int levelFlags() {
    int known = level < 0 ? DEFAULT_LEVEL : level;
    if (strategy >= Deflater.HUFFMAN_ONLY || known < 2) {
      return 0;
    }
    return known < DEFAULT_LEVEL ? 1 : known == DEFAULT_LEVEL ? 2 : 3;
  }

  private byte[] gzipHeader() {
    int known = level < 0 ? DEFAULT_LEVEL : level;
    int speed = known == BEST ? 2 : strategy >= Deflater.HUFFMAN_ONLY || known < 2 ? 4 : 0;
    return new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, (byte) speed, LINUX};
  }

  @Override
  public void run(int flush, ByteSpan in, ByteSpan out) {
    frameBytes.moveTo(out);
    while (!out.isEmpty() && !deflater.finished() && step(flush, in, out)) {
      // until nothing is left to do, or there is no room
    }
    if (deflater.finished() && !hasTrailer) {
      hasTrailer = true;
      frameBytes = new ByteSpan(trailer());
    }
    frameBytes.moveTo(out);
  }

  /** Whether there is more to do. */
  private boolean step(int flush, ByteSpan in, ByteSpan out) {
    if (isFlushingPiece) {
      compress(in, 0, Deflater.FULL_FLUSH, out);
      if (out.isEmpty()) {
        return false;
      }
      isFlushingPiece = false;
      inPiece = 0;
    }
    int count = Math.min(in.left(), pieceRoom());
    boolean isLast = count == in.left();
    if (isLast && flush == FINISH) {
      deflater.finish();
    }
    compress(in, count, isLast ? flushMode(flush) : Deflater.NO_FLUSH, out);
    isFlushingPiece = pieceRoom() == 0 && !in.isEmpty();
    return !in.isEmpty();
  }

  private int pieceRoom() {
    return windowBits == MAX_WINDOW_BITS ? Integer.MAX_VALUE : (1 << windowBits) - inPiece;
  }

  private void compress(ByteSpan in, int count, int mode, ByteSpan out) {
    long before = deflater.getBytesRead();
    deflater.setInput(in.bytes, in.at, count);
    out.at += deflater.deflate(out.bytes, out.at, out.left(), mode);
    int used = (int) (deflater.getBytesRead() - before);
    checksum.update(in.bytes, in.at, used);
    in.at += used;
    total += used;
    if (windowBits < MAX_WINDOW_BITS) {
      inPiece += used;
    }
  }

  private static int flushMode(int flush) {
    return switch (flush) {
      case PARTIAL_FLUSH, SYNC_FLUSH, BLOCK -> Deflater.SYNC_FLUSH;
      case FULL_FLUSH -> Deflater.FULL_FLUSH;
      default -> Deflater.NO_FLUSH;
    };
  }

  private byte[] trailer() {
    switch (frame) {
      case ZLIB -> {
        byte[] bytes = new byte[4];
        putBigEndian(bytes, 0, checksum.getValue());
        return bytes;
      }
      case GZIP -> {
        byte[] bytes = new byte[8];
        putBigEndian(bytes, 0, Integer.reverseBytes((int) checksum.getValue()));
        putBigEndian(bytes, 4, Integer.reverseBytes((int) total));
        return bytes;
      }
      case NONE -> {
        return new byte[0];
      }
    }
    throw new AssertionError(frame);
  }

  private static void putBigEndian(byte[] bytes, int at, long value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  @Override
  public void params(int newLevel, int newStrategy) {
    if (frame != Frame.GZIP) {
      level = newLevel;
      strategy = newStrategy;
      deflater.setLevel(newLevel);
      deflater.setStrategy(knownStrategy(newStrategy));
      applySettings();
    }
  }

  /** The JDK does that with the next input, which it compresses as before. */
  private void applySettings() {
    byte[] flushed = new byte[PENDING_BYTES];
    deflater.setInput(new byte[0]);
    int count = deflater.deflate(flushed, 0, flushed.length, Deflater.NO_FLUSH);
    byte[] pending = Arrays.copyOfRange(frameBytes.bytes, frameBytes.at, frameBytes.end + count);
    System.arraycopy(flushed, 0, pending, frameBytes.left(), count);
    frameBytes = new ByteSpan(pending);
  }

  @Override
  public void reset() {
    deflater.reset();
    checksum.reset();
    total = 0;
    inPiece = 0;
    hasTrailer = false;
    isFlushingPiece = false;
    begin();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
