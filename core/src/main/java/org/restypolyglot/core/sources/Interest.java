package org.restypolyglot.core.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which folders have to be watched for some paths, and which of their events matter.
 *
 * <p><b>Threads</b>: immutable. <b>Failure</b>: a path that cannot be followed is watched by its
 * name alone.
 */
final class Interest {
  private final Set<Path> paths = new HashSet<>();
  private final Set<Path> above = new HashSet<>();
  private final Map<Path, Path> byTarget = new HashMap<>();
  private final Set<Path> folders = new LinkedHashSet<>();

  /**
   * Looks at the disk once, for symbolic links.
   *
   * @param paths absolute
   */
  Interest(Collection<Path> paths) {
    this.paths.addAll(paths);
    for (Path path : paths) {
      addFolderOf(path);
      if (Files.isSymbolicLink(path)) {
        addTarget(path);
      }
    }
  }

  private void addFolderOf(Path path) {
    Path folder = path.getParent();
    if (folder != null && folders.add(folder)) {
      for (Path at = folder; at != null && above.add(at); at = at.getParent()) {
        if (Files.isSymbolicLink(at) && at.getParent() != null) {
          folders.add(at.getParent()); // where the link may be turned to another folder
        }
      }
    }
  }

  private void addTarget(Path link) {
    try {
      Path target = link.toRealPath();
      byTarget.put(target, link);
      if (target.getParent() != null) {
        folders.add(target.getParent());
      }
    } catch (IOException nowhere) {
      // the link itself is watched
    }
  }

  Set<Path> folders() {
    return folders;
  }

  /** The path that an event in a folder may have changed; null: none of ours. */
  @Nullable Path pathOf(Path event) {
    return paths.contains(event) || above.contains(event) ? event : byTarget.get(event);
  }
}
