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
 * <p><b>Threads</b>: immutable. <b>Failure</b>: a path that cannot be followed (a link to nowhere,
 * or to itself) is watched as far as it goes.
 */
final class Interest {
  /*
   * Each path is walked as the kernel does it: /srv/current/m.js, where current is a link to r2, is
   * the name `current` in /srv, then the name m.js in /srv/r2. The folder of the last name and those
   * of all links on the way are watched, under their real names; the other folders on the way are
   * not, so that there are few (the regular comparison finds those that are moved).
   */
  private static final int MAX_LINKS = 40;

  private final Map<Path, Set<Path>> pathsByName = new HashMap<>();
  private final Set<Path> onTheWay = new HashSet<>();
  private final Set<Path> folders = new LinkedHashSet<>();
  private final Map<Path, Path> realFolders = new HashMap<>();

  /**
   * Looks at the disk once, for symbolic links.
   *
   * @param paths absolute
   */
  Interest(Collection<Path> paths) {
    for (Path path : paths) {
      Path at = path;
      for (int links = 0; at != null && links < MAX_LINKS; links++) {
        Path name = nameOf(at, links);
        folders.add(folderOf(name));
        pathsByName.computeIfAbsent(name, fresh -> new HashSet<>()).add(path);
        at = targetOf(name);
      }
    }
  }

  private static Path folderOf(Path name) {
    Path folder = name.getParent();
    return folder == null ? name : folder;
  }

  /** The path with all links followed but for a last one. */
  private Path nameOf(Path path, int links) {
    Path folder = path.getParent();
    return folder == null ? path : real(folder, links).resolve(path.getFileName());
  }

  private Path real(Path folder, int links) {
    Path known = realFolders.get(folder);
    if (known == null) {
      Path name = nameOf(folder, links);
      Path target = links < MAX_LINKS ? targetOf(name) : null;
      onTheWay.add(name);
      if (target != null) {
        folders.add(folderOf(name)); // where the link may be turned to another folder
      }
      known = target == null ? name : real(target, links + 1);
      realFolders.put(folder, known);
    }
    return known;
  }

  /** Where a link leads; null: it is none. */
  private static @Nullable Path targetOf(Path name) {
    try {
      return Files.isSymbolicLink(name)
          ? folderOf(name).resolve(Files.readSymbolicLink(name)).normalize()
          : null;
    } catch (IOException gone) {
      return null;
    }
  }

  Set<Path> folders() {
    return folders;
  }

  /** The paths that an event of this name in a folder may have changed. */
  Set<Path> pathsOf(Path event) {
    return pathsByName.getOrDefault(event, Set.of());
  }

  /** Whether an event is about a folder or a link that leads to some paths. */
  boolean isOnTheWay(Path event) {
    return onTheWay.contains(event);
  }
}
