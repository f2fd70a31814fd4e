package org.restypolyglot.guest.js;

/**
 * What compresses or decompresses one stream.
 *
 * <p><b>Threads</b>: one at a time; {@link #close} while none is in {@link #run}. <b>Owns</b>:
 * memory outside of the heap, until {@link #close} or the collector frees it. <b>Failure</b>: a
 * {@link ZlibFailure}.
 */
interface ZlibCodec extends AutoCloseable {
  int NO_FLUSH = 0;
  int PARTIAL_FLUSH = 1;
  int SYNC_FLUSH = 2;
  int FULL_FLUSH = 3;
  int FINISH = 4;
  int BLOCK = 5;

  /**
   * Uses up the input and fills the output, until one of them is at its end.
   *
   * @param flush one of zlib's numbers, or {@link #FINISH}: the input ends here
   */
  void run(int flush, ByteSpan in, ByteSpan out) throws ZlibFailure;

  /** From the start, with the same settings. */
  void reset() throws ZlibFailure;

  /** Other settings for what comes. */
  default void params(int level, int strategy) {}

  @Override
  void close();
}
