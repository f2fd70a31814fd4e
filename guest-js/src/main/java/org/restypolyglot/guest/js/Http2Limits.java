package org.restypolyglot.guest.js;

import java.util.stream.Stream;

/**
 * What the options of {@code http2.connect} limit.
 *
 * @param peerMaxConcurrentStreams streams at once, before the server has said how many
 * @param maxReservedRemoteStreams pushed streams whose response has not begun
 * @param maxHeaderListPairs headers of one block
 * @param maxSendHeaderBlockLength bytes of a block to send
 * @param maxDeflateDynamicTableSize bytes of the table with which headers are compressed
 * @param maxSettings entries of one SETTINGS frame
 * @param maxSessionMemory bytes that may wait, headers and unsent data
 * @param paddingStrategy 0: none, 1: to multiples of 8 bytes, 2: as much as there may be
 */
record Http2Limits(
    int peerMaxConcurrentStreams,
    int maxReservedRemoteStreams,
    int maxHeaderListPairs,
    int maxSendHeaderBlockLength,
    int maxDeflateDynamicTableSize,
    int maxSettings,
    long maxSessionMemory,
    int paddingStrategy) {
  private static final int MAX_PADDING = 256;
  private static final int FRAME_HEADER = 9;
  private static final int ALIGNMENT = 8;

  /**
   * The numbers in that order, separated by commas; what is too large for an int is its largest.
   */
  static Http2Limits parse(String text) {
    long[] values = Stream.of(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
    int[] small = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      small[i] = (int) Math.min(values[i], Integer.MAX_VALUE);
    }
    return new Http2Limits(
        small[0], small[1], small[2], small[3], small[4], small[5], values[6], small[7]);
  }

  /** How many bytes to add to a frame of so many. */
  int padding(int length) {
    return switch (paddingStrategy) {
      case 1 -> (ALIGNMENT - (length + FRAME_HEADER) % ALIGNMENT) % ALIGNMENT;
      case 2 -> MAX_PADDING;
      default -> 0;
    };
  }
}
