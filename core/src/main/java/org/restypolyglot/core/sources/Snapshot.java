package org.restypolyglot.core.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one load with hot reload has seen of the disk: the files that it read, and what it found, or
 * did not find, where it looked. It tells what of that is different now.
 *
 * <pre>{@code
 * Snapshot snapshot = new Snapshot();
 * snapshot.read(Path.of("/srv/app/main.js"));
 * snapshot.isFile(Path.of("/srv/app/util.js")); // false
 * snapshot.changes(Set.of());                   // empty, until somebody touches one of them
 * }</pre>
 *
 * In this example a change of {@code main.js} is one, and so is a new {@code util.js}. What was
 * answered once stays the answer, so that all contexts of a generation, and one that is made anew
 * after a runaway handler, have the same code.
 *
 * <p><b>Threads</b>: any; {@link #changes} by one at a time. <b>Owns</b>: the bytes of the files.
 * <b>Failure</b>: as {@link org.restypolyglot.core.guest.Sources}; a file that cannot be read is a
 * fact like others, and has changed when it can be.
 */
public final class Snapshot implements LoadSources {
  /*
   * When a file has changed
   * -----------------------
   * Its stamp (time, size, identity) is compared first, its bytes only where that differs, so that
   * a touch, or a checkout there and back, is no change. A stamp that is younger than RACY_MILLIS
   * says nothing: the clock of a file system is coarse, and a second write may get the same time. It
   * is trusted when it was seen to be old.
   */
  private static final long RACY_MILLIS = 2_000;

  private static final int PIECE = 1 << 16;

  private enum Kind {
    NOTHING,
    FILE,
    FOLDER
  }

  /** What a file system says about a path. */
  private record Stamp(Kind kind, @Nullable FileTime modified, long size, @Nullable Object key) {
    static final Stamp NOTHING = new Stamp(Kind.NOTHING, null, 0, null);

    static Stamp of(Path path) {
      if (!Files.exists(path)) { // without the price of an exception
        return NOTHING;
      }
      try {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        Kind kind =
            found.isRegularFile() ? Kind.FILE : found.isDirectory() ? Kind.FOLDER : Kind.NOTHING;
        return new Stamp(kind, found.lastModifiedTime(), found.size(), found.fileKey());
      } catch (IOException e) {
        return NOTHING;
      }
    }

    boolean isOldAt(long millis) {
      return modified != null && modified.toMillis() + RACY_MILLIS < millis;
    }
  }

  /** Nobody has asked for the content; or what it was; or that it could not be read. */
  private enum Content {
    UNKNOWN,
    READ,
    UNREADABLE
  }

  private static final class Fact {
    final Kind kind;
    final Content content;
    final byte @Nullable [] bytes;
    volatile Stamp stamp;
    volatile boolean trusted;

    Fact(Stamp stamp, Content content, byte @Nullable [] bytes, long seenAtMillis) {
      this.kind = stamp.kind;
      this.content = content;
      this.bytes = bytes;
      this.stamp = stamp;
      this.trusted = stamp.isOldAt(seenAtMillis);
    }

    static Fact look(Path path) {
      long now = System.currentTimeMillis();
      return new Fact(Stamp.of(path), Content.UNKNOWN, null, now);
    }
  }

  /**
   * What a snapshot has been made from that is not of one load alone.
   *
   * @param snapshot of the code that serves, and may go on reading
   * @param seen what of that is known here
   */
  private record Origin(Snapshot snapshot, Map<Path, Fact> seen) {
    static Origin of(Snapshot snapshot) {
      return new Origin(snapshot, new ConcurrentHashMap<>(snapshot.facts));
    }
  }

  private final @Nullable Origin origin;
  private final Map<Path, Fact> facts = new ConcurrentHashMap<>();

  /** Of those paths only that go through a symbolic link. */
  private final Map<Path, Path> realPaths = new ConcurrentHashMap<>();

  private final AtomicInteger learned = new AtomicInteger();
  private final Set<Path> foundFolders = ConcurrentHashMap.newKeySet();

  /** Of a load that is to begin. */
  public Snapshot() {
    this(null);
  }

  private Snapshot(@Nullable Origin origin) {
    this.origin = origin;
  }

  private static Path key(Path path) {
    return path.toAbsolutePath().normalize();
  }

  @Override
  public byte[] read(Path file) throws IOException {
    Path key = key(file);
    Fact known = facts.get(key);
    if (known == null || known.content != Content.READ) {
      known = readNow(key);
    }
    return Objects.requireNonNull(known.bytes);
  }

  private Fact readNow(Path key) throws IOException {
    long now = System.currentTimeMillis();
    Stamp stamp = Stamp.of(key); // before the bytes: a write in between is seen as a change
    try {
      return learn(key, new Fact(stamp, Content.READ, Files.readAllBytes(key), now));
    } catch (NoSuchFileException e) {
      Fact missing = new Fact(Stamp.NOTHING, Content.UNKNOWN, null, now);
      if (facts.containsKey(key)) { // it was there a moment ago
        learn(key, missing);
      } else {
        noteMissing(key, missing);
      }
      throw e;
    } catch (IOException e) {
      learn(key, new Fact(stamp, Content.UNREADABLE, null, now));
      throw e;
    }
  }

  /** What was read stays; all else gives way to what is known now. */
  private Fact learn(Path key, Fact fact) {
    Fact now = facts.merge(key, fact, (old, fresh) -> old.content == Content.READ ? old : fresh);
    learned.incrementAndGet();
    return now;
  }

  @Override
  public boolean isFile(Path file) {
    return kindOf(key(file)) == Kind.FILE;
  }

  @Override
  public boolean isFolder(Path folder) {
    return kindOf(key(folder)) == Kind.FOLDER;
  }

  private Kind kindOf(Path key) {
    Fact known = facts.get(key);
    if (known == null) {
      if (isBelowMissing(key)) {
        return Kind.NOTHING;
      }
      known = Fact.look(key);
      if (known.kind == Kind.NOTHING) {
        noteMissing(key, known);
      } else {
        note(key, known);
      }
    }
    return known.kind;
  }

  private boolean isBelowMissing(Path key) {
    for (Path at = key.getParent(); at != null; at = at.getParent()) {
      Fact above = facts.get(at);
      if (above != null && above.kind == Kind.NOTHING) {
        return true;
      }
    }
    return false;
  }

  /** Notes the uppermost folder that is not there, instead of all that is not in it. */
  private void noteMissing(Path key, Fact missing) {
    Path top = key;
    Fact fact = missing;
    Path parent = key.getParent();
    while (parent != null && !foundFolders.contains(parent)) {
      Fact above = Fact.look(parent);
      if (above.kind != Kind.NOTHING) {
        foundFolders.add(parent);
        break;
      }
      top = parent;
      fact = above;
      parent = parent.getParent();
    }
    note(top, fact);
  }

  private void note(Path key, Fact fact) {
    if (facts.putIfAbsent(key, fact) == null) {
      learned.incrementAndGet();
    }
  }

  @Override
  public Path realPath(Path file) {
    Path key = key(file);
    Path known = realPaths.get(key);
    if (known != null) {
      return known;
    }
    Path real = realPathNow(key);
    if (!real.equals(key)) {
      kindOf(key); // so that the folders of its links are watched
      if (realPaths.putIfAbsent(key, real) == null) {
        learned.incrementAndGet();
      }
    }
    return real;
  }

  private static Path realPathNow(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  @Override
  public void keep() {}

  @Override
  public List<Path> files() {
    return facts.entrySet().stream()
        .filter(entry -> entry.getValue().content == Content.READ)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** All paths that it has looked at. */
  Collection<Path> paths() {
    return facts.keySet();
  }

  /** Grows with each path that it looks at, and each file that it reads. */
  int learned() {
    catchUp();
    return learned.get();
  }

  /** Takes over what the code that serves has read since it was last asked. */
  private void catchUp() {
    if (origin != null) {
      origin.snapshot.facts.forEach(
          (path, fact) -> {
            if (origin.seen.put(path, fact) != fact) {
              learn(path, fact);
            }
          });
    }
  }

  /**
   * Which of its paths are not what they were.
   *
   * @param touched paths whose stamp is not to be trusted
   */
  List<Path> changes(Set<Path> touched) {
    List<Path> changed = new ArrayList<>();
    facts.forEach(
        (path, fact) -> {
          if (hasChanged(path, fact, touched.contains(path))) {
            changed.add(path);
          }
        });
    realPaths.forEach(
        (path, real) -> {
          if (!realPathNow(path).equals(real) && !changed.contains(path)) {
            changed.add(path);
          }
        });
    changed.sort(null);
    return changed;
  }

  private static boolean hasChanged(Path path, Fact fact, boolean touched) {
    long now = System.currentTimeMillis();
    Stamp stamp = Stamp.of(path);
    if (stamp.kind != fact.kind) {
      return true;
    }
    switch (fact.content) {
      case UNKNOWN -> {
        return false;
      }
      case UNREADABLE -> {
        return fact.kind == Kind.FILE && canBeRead(path);
      }
      case READ -> {}
    }
    if (fact.trusted && !touched && stamp.equals(fact.stamp)) {
      return false;
    }
    if (!hasBytes(path, Objects.requireNonNull(fact.bytes))) {
      return true;
    }
    fact.stamp = stamp;
    fact.trusted = stamp.isOldAt(now);
    return false;
  }

  /** Piece by piece: a data file may be large, and is in memory once already. */
  private static boolean hasBytes(Path path, byte[] bytes) {
    byte[] piece = new byte[Math.min(PIECE, bytes.length + 1)];
    try (InputStream in = Files.newInputStream(path)) {
      int at = 0;
      int length = in.readNBytes(piece, 0, piece.length);
      int end = Math.min(length, bytes.length);
      while (length > 0 && Arrays.equals(piece, 0, length, bytes, at, end)) {
        at = end;
        length = in.readNBytes(piece, 0, piece.length);
        end = Math.min(at + length, bytes.length);
      }
      return length == 0 && at == bytes.length;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean canBeRead(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.read() >= -1;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A snapshot of what is there now, of the same paths and those of {@code other}; what {@code
   * other} has seen counts as it was seen. What is read later of this one belongs to it, too, but
   * nothing of {@code other}'s.
   */
  public Snapshot withNewer(Snapshot other) {
    Snapshot merged = new Snapshot(Origin.of(origin == null ? this : origin.snapshot));
    catchUp();
    merged.facts.putAll(other.facts);
    realPaths.keySet().forEach(merged::realPath);
    merged.realPaths.putAll(other.realPaths);
    facts.forEach(
        (path, old) -> {
          Fact newer = other.facts.get(path);
          boolean saysLess =
              newer != null && newer.content == Content.UNKNOWN && newer.kind == Kind.FILE;
          if (newer == null || (saysLess && old.content != Content.UNKNOWN)) {
            merged.facts.put(path, refreshed(path, old));
          }
        });
    return merged;
  }

  private static Fact refreshed(Path path, Fact old) {
    if (!hasChanged(path, old, false)) {
      return old;
    }
    Fact look = Fact.look(path);
    if (old.content == Content.UNKNOWN || look.kind != Kind.FILE) {
      return look;
    }
    long now = System.currentTimeMillis();
    try {
      return new Fact(look.stamp, Content.READ, Files.readAllBytes(path), now);
    } catch (IOException e) {
      return new Fact(look.stamp, Content.UNREADABLE, null, now);
    }
  }
}
