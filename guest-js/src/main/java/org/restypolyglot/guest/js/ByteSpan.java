package org.restypolyglot.guest.js;

/**
 * A part of an array that is used up, or filled, from its start.
 *
 * <p><b>Threads</b>: one at a time. <b>Borrows</b>: the array.
 */
final class ByteSpan {
  final byte[] bytes;
  final int end;
  int at;

  ByteSpan(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  int left() {
    return end - at;
  }

  boolean isEmpty() {
    return at == end;
  }

  int next() {
    return bytes[at++] & 0xff;
  }

  /** Moves as many bytes as fit to {@code target}. */
  int moveTo(ByteSpan target) {
    int count = Math.min(left(), target.left());
    System.arraycopy(bytes, at, target.bytes, target.at, count);
    at += count;
    target.at += count;
    return count;
  }
}
