package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Links of the file system, which GraalPy's Java backend takes for something else: it reads a
 * symbolic link to its end, and makes a hard link the other way round (posix_backend.py).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: numbers of {@code errno}.
 */
final class FileLinks {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EIO = 5;
  private static final int EACCES = 13;
  private static final int EEXIST = 17;
  private static final int EXDEV = 18;
  private static final int EINVAL = 22;

  private FileLinks() {}

  static void addTo(Map<String, Object> functions) {
    functions.put("read_link", (ProxyExecutable) FileLinks::readLink);
    functions.put("link", (ProxyExecutable) FileLinks::link);
  }

  /** {@code read_link(absolute path) -> str | int}: what is in it, or an errno. */
  private static Object readLink(Value... arguments) {
    try {
      return Files.readSymbolicLink(Path.of(arguments[0].asString())).toString();
    } catch (IOException | InvalidPathException failure) {
      return errno(failure);
    }
  }

  /** {@code link(existing, new) -> int}: absolute paths; 0 or an errno. */
  private static Object link(Value... arguments) {
    try {
      Files.createLink(Path.of(arguments[1].asString()), Path.of(arguments[0].asString()));
      return 0;
    } catch (IOException | InvalidPathException failure) {
      return errno(failure);
    }
  }

  private static int errno(Exception failure) {
    return switch (failure) {
      case NoSuchFileException _ -> ENOENT;
      case NotLinkException _ -> EINVAL;
      case InvalidPathException _ -> EINVAL;
      case FileAlreadyExistsException _ -> EEXIST;
      case AccessDeniedException _ -> EACCES;
      case FileSystemException other when "Operation not permitted".equals(other.getReason()) ->
          EPERM;
      case FileSystemException other when "Invalid cross-device link".equals(other.getReason()) ->
          EXDEV;
      default -> EIO;
    };
  }
}
