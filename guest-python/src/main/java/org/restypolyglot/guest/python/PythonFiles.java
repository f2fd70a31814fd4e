package org.restypolyglot.guest.python;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * The system's files as POSIX has them, where Java's channels are different: those that are opened
 * to append can be read as well (Python's mode {@code "a+"}, which GraalPy's Java backend of {@code
 * posix} forgets else), {@code truncate} makes files longer, too, those of {@code /proc} are read
 * beyond their size, which is 0, and all can be locked.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the current folder of one context. <b>Failure</b>: what the
 * system's files throw.
 */
final class PythonFiles implements FileSystem {
  private static final Path PROC = Path.of("/proc");

  private final FileSystem files = FileSystem.newDefaultFileSystem();

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path absolute = files.toAbsolutePath(path); // the current folder may be another one later
    SeekableByteChannel channel = files.newByteChannel(path, options, attributes);
    return new LockableChannel(adapted(channel, absolute, options), absolute, options);
  }

  private SeekableByteChannel adapted(
      SeekableByteChannel channel, Path absolute, Set<? extends OpenOption> options)
      throws IOException {
    if (options.contains(StandardOpenOption.APPEND)) {
      return new AppendingChannel(channel, files, absolute);
    }
    if (options.contains(StandardOpenOption.WRITE)) {
      return new LengtheningChannel(channel);
    }
    return absolute.normalize().startsWith(PROC) ? new SizelessChannel(channel) : channel;
  }

  @Override
  public Path parsePath(URI uri) {
    return files.parsePath(uri);
  }

  @Override
  public Path parsePath(String path) {
    return files.parsePath(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    files.checkAccess(path, modes, options);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    files.createDirectory(path, attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    files.delete(path);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return files.newDirectoryStream(path, filter);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return files.toAbsolutePath(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return files.toRealPath(path, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return files.readAttributes(path, attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    files.setAttribute(path, attribute, value, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    files.copy(source, target, options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    files.move(source, target, options);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    files.createLink(link, existing);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    files.createSymbolicLink(link, target, attributes);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return files.readSymbolicLink(link);
  }

  @Override
  public void setCurrentWorkingDirectory(Path folder) {
    files.setCurrentWorkingDirectory(folder);
  }

  @Override
  public String getSeparator() {
    return files.getSeparator();
  }

  @Override
  public String getPathSeparator() {
    return files.getPathSeparator();
  }

  @Override
  public String getMimeType(Path path) {
    return files.getMimeType(path);
  }

  @Override
  public Charset getEncoding(Path path) {
    return files.getEncoding(path);
  }

  @Override
  public Path getTempDirectory() {
    return files.getTempDirectory();
  }

  @Override
  public boolean isSameFile(Path one, Path other, LinkOption... options) throws IOException {
    return files.isSameFile(one, other, options);
  }

  @Override
  public long getFileStoreTotalSpace(Path path) throws IOException {
    return files.getFileStoreTotalSpace(path);
  }

  @Override
  public long getFileStoreUnallocatedSpace(Path path) throws IOException {
    return files.getFileStoreUnallocatedSpace(path);
  }

  @Override
  public long getFileStoreUsableSpace(Path path) throws IOException {
    return files.getFileStoreUsableSpace(path);
  }

  @Override
  public long getFileStoreBlockSize(Path path) throws IOException {
    return files.getFileStoreBlockSize(path);
  }

  @Override
  public boolean isFileStoreReadOnly(Path path) throws IOException {
    return files.isFileStoreReadOnly(path);
  }
}
