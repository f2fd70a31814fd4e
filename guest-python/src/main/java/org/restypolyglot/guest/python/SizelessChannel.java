package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/**
 * A file that is longer than its size, as those of {@code /proc} are, whose size is 0: GraalPy
 * reads no further than the size.
 */
final class SizelessChannel extends PlainChannel {
  private static final int MOST_AT_ONCE = 1 << 20;

  /** Takes over a channel that is open for reading. */
  SizelessChannel(SeekableByteChannel file) {
    super(file);
  }

  /** Always some more; a read tells where the end is. */
  @Override
  public long size() throws IOException {
    return position() + MOST_AT_ONCE;
  }
}
