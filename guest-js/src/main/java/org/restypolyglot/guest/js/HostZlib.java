package org.restypolyglot.guest.js;

import java.util.zip.CRC32;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;

/**
 * Compression, behind node:zlib.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the loop. <b>Failure</b>: told by the
 * streams.
 */
public final class HostZlib {
  private static final int POLYNOMIAL = 0xedb88320;

  private final HostLoop loop;

  HostZlib(HostLoop loop) {
    this.loop = loop;
  }

  /**
   * A stream with zlib's settings.
   *
   * @param mode Node's name of it: DEFLATE, GUNZIP ...
   * @param dictionary an ArrayBuffer; of no length: there is none
   */
  @Export
  public ZlibStream open(
      String mode,
      int windowBits,
      int level,
      int strategy,
      Value dictionary,
      int offset,
      int length) {
    byte[] bytes = HostBytes.copy(dictionary, offset, length);
    return new ZlibStream(loop, codec(mode, windowBits, level, strategy, bytes));
  }

  /** A stream that decompresses Brotli; it has a thread, so the loop closes it. */
  @Export
  public ZlibStream openBrotliDecoder() {
    return loop.own(new ZlibStream(loop, new BrotliCodec()));
  }

  private static ZlibCodec codec(
      String mode, int windowBits, int level, int strategy, byte[] dictionary) {
    return switch (mode) {
      case "DEFLATE" ->
          new DeflateCodec(DeflateCodec.Frame.ZLIB, windowBits, level, strategy, dictionary);
      case "DEFLATERAW" ->
          new DeflateCodec(DeflateCodec.Frame.NONE, windowBits, level, strategy, dictionary);
      case "GZIP" ->
          new DeflateCodec(DeflateCodec.Frame.GZIP, windowBits, level, strategy, dictionary);
      case "INFLATE" -> new InflateCodec(false, windowBits, dictionary);
      case "INFLATERAW" -> new InflateCodec(true, windowBits, dictionary);
      case "GUNZIP" -> new GunzipCodec();
      case "UNZIP" -> new UnzipCodec(windowBits, dictionary);
      default -> throw new IllegalArgumentException("no mode of zlib: " + mode);
    };
  }

  /** The checksum of the bytes, behind those whose checksum is {@code before}. */
  @Export
  public double crc32(Value buffer, int offset, int length, double before) {
    byte[] bytes = HostBytes.copy(buffer, offset, length);
    if (before == 0) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return crc.getValue();
    }
    int crc = ~(int) (long) before;
    for (byte value : bytes) {
      crc = Table.ENTRIES[(crc ^ value) & 0xff] ^ (crc >>> 8);
    }
    return Integer.toUnsignedLong(~crc);
  }

  /** The JDK's CRC32 begins at 0 only. */
  private static final class Table {
    static final int[] ENTRIES = new int[256];

    static {
      for (int i = 0; i < ENTRIES.length; i++) {
        int entry = i;
        for (int bit = 0; bit < 8; bit++) {
          entry = (entry & 1) == 0 ? entry >>> 1 : (entry >>> 1) ^ POLYNOMIAL;
        }
        ENTRIES[i] = entry;
      }
    }
  }
}
