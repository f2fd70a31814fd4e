package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * A file as it is; subclasses differ in something.
 *
 * <p><b>Threads</b>: one at a time, as with a descriptor's offset; {@link #close} from any.
 * <b>Owns</b>: the file's channel. <b>Failure</b>: what the channel throws.
 */
class PlainChannel implements SeekableByteChannel {
  private final SeekableByteChannel file;

  /** Takes over a channel. */
  PlainChannel(SeekableByteChannel file) {
    this.file = file;
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    file.truncate(size);
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
