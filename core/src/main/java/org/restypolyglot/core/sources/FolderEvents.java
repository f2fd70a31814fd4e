package org.restypolyglot.core.sources;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The inotify instance of a worker, and the folders that it watches.
 *
 * <p><b>Threads</b>: {@link #watch} and {@link #pathsOf} by one at a time; {@link #next} on a
 * thread that may block. <b>Owns</b>: the instance and its watches. <b>Failure</b>: what the system
 * refuses to watch is not watched; the first time {@code warn} is told.
 */
final class FolderEvents implements AutoCloseable {
  /**
   * Installed packages are many folders, and change seldom: above so many of them, the rest is not
   * watched.
   */
  static final int MAX_PACKAGE_FOLDERS = 128;

  private final Set<String> packageFolders;
  private final List<String> packageMarks;
  private final Map<Path, Boolean> marked = new HashMap<>();
  private final Consumer<String> warn;
  private final @Nullable WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final Map<WatchKey, Set<Path>> folders =
      new HashMap<>(); // one has several names by links
  private boolean full;

  /**
   * Watches nothing yet.
   *
   * @param packageFolders names of folders below which packages are installed; after a {@code *},
   *     how a name ends that such a folder holds
   */
  FolderEvents(Set<String> packageFolders, Consumer<String> warn) {
    this.packageFolders = packageFolders;
    this.packageMarks =
        packageFolders.stream().filter(n -> n.startsWith("*")).map(n -> n.substring(1)).toList();
    this.warn = warn;
    this.service = newService();
  }

  private @Nullable WatchService newService() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      warn.accept(
          "hot reload: "
              + e.getMessage()
              + ": no folder is watched, changes are found by looking at the files once a second;"
              + " fs.inotify.max_user_instances of sysctl raises the limit");
      return null;
    }
  }

  /** Blocks until something has happened in a folder; null when closed, or without inotify. */
  @Nullable WatchKey next() {
    try {
      return service == null ? null : service.take();
    } catch (ClosedWatchServiceException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /**
   * What has happened: paths in the folder, under all its names, or null where too much has
   * happened to tell. The key yields again afterwards.
   */
  @Nullable Set<Path> pathsOf(WatchKey key) {
    Set<Path> names = folders.get(key);
    if (names == null) { // it was pending when the folder was forgotten
      return Set.of();
    }
    @Nullable Set<Path> paths = new HashSet<>();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name && paths != null) {
        for (Path folder : names) {
          paths.add(folder.resolve(name));
        }
      } else {
        paths = null; // an overflow
      }
    }
    if (!key.reset()) { // the folder is gone; it may come back
      names.forEach(keys::remove);
      folders.remove(key);
      return null;
    }
    return paths;
  }

  /** Watches nothing any more, so that {@link #watch} finds out what the names mean by now. */
  void forgetAll() {
    Set.copyOf(keys.keySet()).forEach(this::forget);
  }

  /** Watches these folders, as far as the system lets us, and no others. */
  void watch(Set<Path> wanted) {
    for (Path folder : Set.copyOf(keys.keySet())) {
      if (!wanted.contains(folder)) {
        forget(folder);
      }
    }
    boolean many = wanted.size() > MAX_PACKAGE_FOLDERS;
    int packages = many ? (int) keys.keySet().stream().filter(this::isOfPackage).count() : 0;
    for (Path folder : wanted) {
      if (!keys.containsKey(folder)
          && (!many || !isOfPackage(folder) || packages++ < MAX_PACKAGE_FOLDERS)
          && !register(folder)) {
        return;
      }
    }
  }

  private boolean isOfPackage(Path folder) {
    for (Path name : folder) {
      if (packageFolders.contains(name.toString())) {
        return true;
      }
    }
    for (Path at = folder; at != null && !packageMarks.isEmpty(); at = at.getParent()) {
      if (marked.computeIfAbsent(at, this::isMarked)) {
        return true;
      }
    }
    return false;
  }

  /** Is asked once for each folder: a package that is new in one that had none may wait. */
  private boolean isMarked(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (packageMarks.stream().anyMatch(entry.toString()::endsWith)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  /** Returns whether there may be watches for more folders. */
  private boolean register(Path folder) {
    if (service == null) {
      return false;
    }
    try {
      WatchKey key = folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
      keys.put(folder, key);
      folders.computeIfAbsent(key, fresh -> new HashSet<>()).add(folder);
      return true;
    } catch (IOException e) {
      String text = String.valueOf(e.getMessage());
      if (!text.contains("limit")) { // it is gone, or may not be read
        return true;
      }
      if (!full) {
        full = true;
        warn.accept(
            "hot reload: %s: %d folders are watched, changes in others are found by looking"
                    .formatted(text, keys.size())
                + " at the files once a second; fs.inotify.max_user_watches of sysctl raises the limit");
      }
      return false;
    } catch (ClosedWatchServiceException e) { // the worker ends
      return false;
    }
  }

  private void forget(Path folder) {
    WatchKey key = keys.remove(folder);
    Set<Path> names = key == null ? null : folders.get(key);
    if (key != null && names != null) {
      names.remove(folder);
      if (names.isEmpty()) {
        folders.remove(key);
        key.cancel();
      }
    }
  }

  @Override
  public void close() {
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      // nobody watches any more, either way
    }
  }
}
