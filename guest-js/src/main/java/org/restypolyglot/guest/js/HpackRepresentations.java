package org.restypolyglot.guest.js;

import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks through a block of HPACK for headers that are marked as never to be indexed, without
 * decoding them (RFC 7541, section 6).
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the block, whose index it does not move. <b>Failure</b>:
 * none; where the block is broken it stops, and the decoder says why.
 */
final class HpackRepresentations {
  private static final int INDEXED = 0x80;
  private static final int INCREMENTAL = 0x40;
  private static final int SIZE_UPDATE = 0x20;
  private static final int NEVER_INDEXED = 0x10;
  private static final int CONTINUED = 0x80;
  private static final int INDEXED_BITS = 7;
  private static final int INCREMENTAL_BITS = 6;
  private static final int SIZE_BITS = 5;
  private static final int LITERAL_BITS = 4;
  private static final int LENGTH_BITS = 7;
  private static final int MAX_SHIFT = 28;

  private final ByteBuf block;
  private final int end;
  private int at;

  private HpackRepresentations(ByteBuf block) {
    this.block = block;
    this.at = block.readerIndex();
    this.end = block.writerIndex();
  }

  /** The places of those headers in the block. */
  static Set<Integer> neverIndexed(ByteBuf block) {
    return new HpackRepresentations(block).find();
  }

  private Set<Integer> find() {
    Set<Integer> found = Set.of();
    for (int place = 0; at < end; ) {
      int first = block.getByte(at) & 0xff;
      if ((first & INDEXED) != 0) {
        integer(INDEXED_BITS);
        place++;
      } else if ((first & INCREMENTAL) == 0 && (first & SIZE_UPDATE) != 0) {
        integer(SIZE_BITS);
      } else {
        if ((first & (INCREMENTAL | NEVER_INDEXED)) == NEVER_INDEXED) {
          found = found.isEmpty() ? new HashSet<>() : found;
          found.add(place);
        }
        literal((first & INCREMENTAL) != 0 ? INCREMENTAL_BITS : LITERAL_BITS);
        place++;
      }
    }
    return found;
  }

  private void literal(int nameBits) {
    if (integer(nameBits) == 0) {
      skipText();
    }
    skipText();
  }

  private void skipText() {
    if (at < end) {
      at = (int) Math.min(end, (long) integer(LENGTH_BITS) + at);
    }
  }

  /** An integer whose first byte has so many bits for it. */
  private int integer(int bits) {
    int mask = (1 << bits) - 1;
    int value = block.getByte(at++) & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; at < end && shift <= MAX_SHIFT; shift += 7) {
      int more = block.getByte(at++) & 0xff;
      value += (more & ~CONTINUED) << shift;
      if ((more & CONTINUED) == 0) {
        return Math.max(value, 0);
      }
    }
    at = end;
    return 0;
  }
}
