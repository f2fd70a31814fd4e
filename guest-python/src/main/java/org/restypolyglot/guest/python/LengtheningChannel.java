package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * A file whose {@link #truncate} makes it longer too, with zeros, and moves no position.
 *
 * <p><b>Threads</b>: one at a time, as with a descriptor's offset; {@link #close} from any.
 * <b>Owns</b>: the file's channel. <b>Failure</b>: what the channel throws.
 */
final class LengtheningChannel implements SeekableByteChannel {
  private final SeekableByteChannel file;

  /**
   * Takes over a channel.
   *
   * @param file open for writing, and not to append
   */
  LengtheningChannel(SeekableByteChannel file) {
    this.file = file;
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    long position = file.position();
    if (size > file.size()) {
      file.position(size - 1);
      file.write(ByteBuffer.wrap(new byte[1]));
    } else {
      file.truncate(size);
    }
    file.position(position); // which POSIX does not move
    return this;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return file.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return file.write(source);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    file.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
