package org.restypolyglot.core.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The source files of a worker: what a load without hot reload has read once, later ones reuse.
 *
 * <p>A load that fails leaves nothing behind, so that its source can be mended and loaded again.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the files' bytes, until the process ends. <b>Failure</b>: as
 * {@link org.restypolyglot.core.guest.Sources}.
 */
public final class SourceStore {
  private final Map<Path, byte[]> cache = new ConcurrentHashMap<>();
  private final Map<Path, Path> realPaths = new ConcurrentHashMap<>();

  /** Sources for one load without hot reload. */
  public LoadSources newLoad() {
    return new Cached();
  }

  private final class Cached implements LoadSources {
    private final Map<Path, byte[]> own = new ConcurrentHashMap<>();
    private final Map<Path, Path> ownRealPaths = new ConcurrentHashMap<>();
    private final Set<Path> read = ConcurrentHashMap.newKeySet();
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
      read.add(key);
      return bytes;
    }

    private static <T> T firstOf(Map<Path, T> map, Path key, T value) {
      T first = map.putIfAbsent(key, value);
      return first == null ? value : first;
    }

    @Override
    public boolean isFile(Path file) {
      Path key = file.toAbsolutePath().normalize();
      Path real = realPaths.getOrDefault(key, ownRealPaths.getOrDefault(key, key));
      return cache.containsKey(real) || own.containsKey(real) || Files.isRegularFile(file);
    }

    @Override
    public boolean isFolder(Path folder) {
      return Files.isDirectory(folder);
    }

    @Override
    public Path realPath(Path file) {
      Path key = file.toAbsolutePath().normalize();
      Path known = realPaths.getOrDefault(key, ownRealPaths.get(key));
      if (known != null) {
        return known;
      }
      try {
        return firstOf(kept ? realPaths : ownRealPaths, key, key.toRealPath());
      } catch (IOException e) {
        return key;
      }
    }

    @Override
    public void keep() {
      kept = true; // a file that is read from now on goes to the cache at once
      own.forEach(cache::putIfAbsent);
      own.clear();
      ownRealPaths.forEach(realPaths::putIfAbsent);
      ownRealPaths.clear();
    }

    @Override
    public List<Path> files() {
      return read.stream().sorted().toList();
    }
  }
}
