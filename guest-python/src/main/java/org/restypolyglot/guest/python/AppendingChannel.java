package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read anywhere and written at its end, whoever else writes to it. It has a second
 * descriptor for reading from the first read on.
 *
 * <p><b>Threads</b>: one at a time, as with a descriptor's offset; {@link #close} from any.
 * <b>Owns</b>: its descriptors, until it is closed. <b>Failure</b>: what the channels throw.
 */
final class AppendingChannel implements SeekableByteChannel {
  private final SeekableByteChannel end;
  private final FileSystem files;
  private final Path path;
  private volatile @Nullable SeekableByteChannel reader;
  private long position;

  /**
   * Takes over a channel.
   *
   * @param end of the same file, opened to append
   * @param path absolute
   */
  AppendingChannel(SeekableByteChannel end, FileSystem files, Path path) throws IOException {
    this.end = end;
    this.files = files;
    this.path = path;
    this.position = end.position();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    SeekableByteChannel from = reader();
    from.position(position);
    int count = from.read(target);
    position += Math.max(count, 0);
    return count;
  }

  private SeekableByteChannel reader() throws IOException {
    SeekableByteChannel from = reader;
    if (from == null) {
      from = files.newByteChannel(path, Set.of(StandardOpenOption.READ));
      reader = from;
      if (!end.isOpen()) { // perhaps closed before there was something to close
        from.close();
        throw new ClosedChannelException();
      }
    }
    return from;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = end.write(source);
    position = end.position();
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return end.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    if (size > end.size()) { // a channel that appends cannot make its file longer
      try (SeekableByteChannel writer =
          files.newByteChannel(path, Set.of(StandardOpenOption.WRITE))) {
        new LengtheningChannel(writer).truncate(size);
      }
    } else {
      end.truncate(size);
    }
    return this;
  }

  @Override
  public boolean isOpen() {
    return end.isOpen();
  }

  @Override
  public void close() throws IOException {
    end.close();
    SeekableByteChannel from = reader;
    if (from != null) {
      from.close();
    }
  }
}
