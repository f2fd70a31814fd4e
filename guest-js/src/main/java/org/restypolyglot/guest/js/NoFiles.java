package org.restypolyglot.guest.js;

import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * The file system of a context, which has none: modules are read by {@link HostModules} and {@link
 * EsmLoader}, and the engine itself has no reason to ask for a file.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: every access throws a {@link SecurityException}.
 */
final class NoFiles implements FileSystem {
  private static SecurityException refuse(Object file) {
    return new SecurityException("ERR_NOT_SUPPORTED: the engine may not use files: " + file);
  }

  @Override
  public Path parsePath(URI uri) {
    throw refuse(uri);
  }

  /** Paths as such are fine: the engine makes one of each source's name. */
  @Override
  public Path parsePath(String path) {
    return Path.of(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) {
    throw refuse(path);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) {
    throw refuse(path);
  }

  @Override
  public void delete(Path path) {
    throw refuse(path);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
    throw refuse(path);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) {
    throw refuse(path);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return path.toAbsolutePath();
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) {
    return path;
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
    throw refuse(path);
  }
}
