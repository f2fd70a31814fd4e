package org.restypolyglot.core.guest;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads the user's source files for one load of one guest; all that a guest's module loader reads
 * or looks for goes through here, so that core knows what a generation depends on, found or not.
 *
 * <p>Without {@code ?} in the spec a file is read from disk once per worker, and later loads see
 * the same bytes; with {@code ?} each load reads afresh, and a change of anything that it has asked
 * for starts the next one.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link IOException} of the file system.
 */
public interface Sources {

  /**
   * The file's bytes; not to be modified.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  byte[] read(Path file) throws IOException;

  /** Whether {@code file} is a regular file (or was one when it was first read). */
  boolean isFile(Path file);

  /** Whether there is a folder of this name. */
  boolean isFolder(Path folder);

  /**
   * The path of an existing file with all symbolic links followed, absolute; a link that is turned
   * elsewhere is a change. The path itself, normalized, where it cannot be followed.
   */
  Path realPath(Path file);
}
