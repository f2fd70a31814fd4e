package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file whose {@link #truncate} makes it longer too, with zeros, and moves no position. */
final class LengtheningChannel extends PlainChannel {
  /**
   * Takes over a channel.
   *
   * @param file open for writing, and not to append
   */
  LengtheningChannel(SeekableByteChannel file) {
    super(file);
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    long position = position();
    if (size > size()) {
      position(size - 1);
      write(ByteBuffer.wrap(new byte[1]));
    } else {
      super.truncate(size);
    }
    position(position); // which POSIX does not move
    return this;
  }
}
