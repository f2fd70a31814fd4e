package org.restypolyglot.core.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderEventsTest {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final FolderEvents events = new FolderEvents(Set.of("packages", "*.mark"), warnings::add);

  @AfterEach
  void close() {
    events.close();
    assertThat(warnings).isEmpty();
  }

  private Set<Path> next() {
    WatchKey key = events.next();
    assertThat(key).isNotNull();
    return events.pathsOf(key);
  }

  @Test
  void event_isToldUnderAllNamesOfTheFolder() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    events.watch(Set.of(real, link));
    Files.createFile(real.resolve("m"));
    assertThat(next()).containsExactlyInAnyOrder(real.resolve("m"), link.resolve("m"));
    events.watch(Set.of(link));
    Files.createFile(real.resolve("n"));
    assertThat(next()).containsExactly(link.resolve("n"));
  }

  @Test
  void folderThatGoes_tellsSo_andIsWatchedAgainWhenItIsBack() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    events.watch(Set.of(gone));
    Files.delete(gone);
    assertThat(next()).isNull();
    Files.createDirectory(gone);
    events.watch(Set.of(gone));
    Files.createFile(gone.resolve("m"));
    assertThat(next()).containsExactly(gone.resolve("m"));
  }

  /** A watch stays with a folder that is moved; the name may come to mean another one. */
  @Test
  void forgetAll_thenWatch_isAboutWhatTheNamesMeanNow() throws Exception {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    events.watch(Set.of(lib));
    Files.move(lib, folder.resolve("old"));
    Files.createDirectory(lib);
    events.forgetAll();
    events.watch(Set.of(lib));
    Files.createFile(lib.resolve("m"));
    assertThat(next()).containsExactly(lib.resolve("m"));
  }

  @Test
  void moreEventsThanAreKept_areToldAsSuch() throws Exception {
    Path busy = Files.createDirectory(folder.resolve("busy"));
    Path other = Files.createDirectory(folder.resolve("other"));
    events.watch(Set.of(busy, other));
    for (int i = 0; i < 600; i++) {
      Files.createFile(busy.resolve("f" + i));
    }
    Files.createFile(other.resolve("last"));
    WatchKey first = events.next();
    assertThat(next()).containsExactly(other.resolve("last"));
    assertThat(first).isNotNull();
    assertThat(events.pathsOf(first)).isNull();
    Files.createFile(busy.resolve("one more"));
    assertThat(next()).containsExactly(busy.resolve("one more"));
  }

  @Test
  void eventOfAFolderThatIsForgotten_isNothing() throws Exception {
    Path left = Files.createDirectory(folder.resolve("left"));
    events.watch(Set.of(left));
    Files.createFile(left.resolve("m"));
    WatchKey key = events.next();
    events.watch(Set.of());
    assertThat(key).isNotNull();
    assertThat(events.pathsOf(key)).isEmpty();
  }

  @Test
  void foldersOfPackages_areWatchedUpToALimit() throws Exception {
    List<Path> all = new ArrayList<>();
    for (int i = 0; i <= FolderEvents.MAX_PACKAGE_FOLDERS; i++) {
      all.add(Files.createDirectories(folder.resolve("packages/p" + i)));
    }
    events.watch(new LinkedHashSet<>(all));
    Files.createFile(all.getLast().resolve("m"));
    Files.createFile(all.getFirst().resolve("m"));
    assertThat(next()).containsExactly(all.getFirst().resolve("m"));
  }

  /** A folder that packages were installed into tells so, whatever its name. */
  @Test
  void foldersOfPackages_areKnownByWhatIsBesideThem() throws Exception {
    Path plain = Files.createDirectories(folder.resolve("plain"));
    Files.createDirectories(folder.resolve("target/p.mark"));
    List<Path> all = new ArrayList<>();
    for (int i = 0; i <= FolderEvents.MAX_PACKAGE_FOLDERS; i++) {
      all.add(Files.createDirectories(folder.resolve("target/p" + i + "/sub")));
    }
    Path last = all.getLast();
    all.add(plain);
    events.watch(new LinkedHashSet<>(all));
    Files.createFile(last.resolve("m"));
    Files.createFile(plain.resolve("m"));
    assertThat(next()).containsExactly(plain.resolve("m"));
  }
}
