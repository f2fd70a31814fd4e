package org.restypolyglot.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.restypolyglot.core.guest.Sources;

/**
 * The source files of a worker: what a load without hot reload has read once, later ones reuse.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the files' bytes, until the process ends. <b>Failure</b>: as
 * {@link Sources}.
 */
final class SourceStore {
  private final Map<Path, byte[]> cache = new ConcurrentHashMap<>();

  /**
   * Sources for one load.
   *
   * @param fresh whether it reads the disk each time, leaving the cache alone
   */
  Sources forLoad(boolean fresh) {
    return fresh ? new Disk() : new Cached();
  }

  private static final class Disk implements Sources {
    @Override
    public byte[] read(Path file) throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public boolean isFile(Path file) {
      return Files.isRegularFile(file);
    }
  }

  private final class Cached implements Sources {
    @Override
    public byte[] read(Path file) throws IOException {
      Path key = file.toAbsolutePath().normalize();
      byte[] bytes = cache.get(key);
      if (bytes == null) {
        bytes = Files.readAllBytes(key);
        byte[] first = cache.putIfAbsent(key, bytes);
        bytes = first == null ? bytes : first;
      }
      return bytes;
    }

    @Override
    public boolean isFile(Path file) {
      return cache.containsKey(file.toAbsolutePath().normalize()) || Files.isRegularFile(file);
    }
  }
}
