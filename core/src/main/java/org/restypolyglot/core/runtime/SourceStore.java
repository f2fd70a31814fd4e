package org.restypolyglot.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The source files of a worker: what a load without hot reload has read once, later ones reuse.
 *
 * <p>A load that fails leaves nothing behind, so that its source can be mended and loaded again.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the files' bytes, until the process ends. <b>Failure</b>: as
 * {@link org.restypolyglot.core.guest.Sources}.
 */
final class SourceStore {
  private final Map<Path, byte[]> cache = new ConcurrentHashMap<>();

  /**
   * Sources for one load.
   *
   * @param fresh whether it reads the disk each time, leaving the cache alone
   */
  LoadSources forLoad(boolean fresh) {
    return fresh ? new Disk() : new Cached();
  }

  private static final class Disk implements LoadSources {
    @Override
    public byte[] read(Path file) throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public boolean isFile(Path file) {
      return Files.isRegularFile(file);
    }

    @Override
    public void keep() {}
  }

  private final class Cached implements LoadSources {
    private final Map<Path, byte[]> own = new ConcurrentHashMap<>();
    private volatile boolean kept;

    @Override
    public byte[] read(Path file) throws IOException {
      Path key = file.toAbsolutePath().normalize();
      byte[] bytes = cache.get(key);
      if (bytes == null) {
        bytes = own.get(key);
      }
      if (bytes == null) {
        bytes = firstOf(kept ? cache : own, key, Files.readAllBytes(key));
      }
      return bytes;
    }

    private static byte[] firstOf(Map<Path, byte[]> map, Path key, byte[] bytes) {
      byte[] first = map.putIfAbsent(key, bytes);
      return first == null ? bytes : first;
    }

    @Override
    public boolean isFile(Path file) {
      Path key = file.toAbsolutePath().normalize();
      return cache.containsKey(key) || own.containsKey(key) || Files.isRegularFile(file);
    }

    @Override
    public void keep() {
      kept = true; // a file that is read from now on goes to the cache at once
      own.forEach(cache::putIfAbsent);
      own.clear();
    }
  }
}
