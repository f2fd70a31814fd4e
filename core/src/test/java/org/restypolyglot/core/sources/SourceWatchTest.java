package org.restypolyglot.core.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceWatchTest {
  @TempDir Path folder;
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final SourceWatch watch = new SourceWatch(Set.of("packages"), warnings::add);
  private final BlockingQueue<List<Path>> told = new LinkedBlockingQueue<>();
  private final SourceWatch.Subscription subscription =
      watch.subscribe((old, changed) -> told.add(changed), () -> {});
  private Snapshot snapshot = new Snapshot();

  @AfterEach
  void close() {
    watch.close();
    assertThat(warnings).isEmpty();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path read(Path file) throws IOException {
    snapshot.read(file);
    return file;
  }

  private Set<Path> awaitChanges(int atLeast) throws InterruptedException {
    Set<Path> all = new TreeSet<>();
    while (all.size() < atLeast) {
      List<Path> some = told.poll(30, TimeUnit.SECONDS);
      assertThat(some).as("changes after %s", all).isNotNull();
      all.addAll(some);
    }
    return all;
  }

  /** What is different when it begins to follow is told as well. */
  @Test
  void changeBeforeTheWatch_isTold() throws Exception {
    Path file = read(write("m.js", "one"));
    write("m.js", "two");
    subscription.follow(snapshot);
    assertThat(awaitChanges(1)).containsExactly(file);
  }

  @Test
  void writeInPlace_andRename_andDelete_areTold() throws Exception {
    Path inPlace = read(write("a.js", "one"));
    Path renamed = read(write("b.js", "one"));
    Path deleted = read(write("c.js", "one"));
    subscription.follow(snapshot);
    write("a.js", "two");
    Files.move(write("b.js~", "two"), renamed, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(deleted);
    assertThat(awaitChanges(3)).containsExactly(inPlace, renamed, deleted);
  }

  @Test
  void newFileThatWasLookedFor_isTold_anotherIsNot() throws Exception {
    read(write("m.js", "one"));
    Path wanted = folder.resolve("x/y/util.js");
    snapshot.isFile(wanted);
    subscription.follow(snapshot);
    write("other.js", "");
    write("x/y/util.js", "");
    assertThat(awaitChanges(1)).containsExactly(folder.resolve("x"));
  }

  @Test
  void targetOfALink_isWatched() throws Exception {
    Path target = write("real/m.js", "one");
    Path link = Files.createSymbolicLink(folder.resolve("link.js"), target);
    read(link);
    subscription.follow(snapshot);
    write("real/m.js", "two");
    assertThat(awaitChanges(1)).containsExactly(link);
  }

  @Test
  void turnedFolderLink_isTold() throws Exception {
    write("r1/m.js", "one");
    write("r2/m.js", "two");
    Path link = Files.createSymbolicLink(folder.resolve("current"), Path.of("r1"));
    Path file = read(link.resolve("m.js"));
    subscription.follow(snapshot);
    Path next = Files.createSymbolicLink(folder.resolve("next"), Path.of("r2"));
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    assertThat(awaitChanges(1)).containsExactly(file);
  }

  @Test
  void movedFolder_isNoticed_andWhatComesInItsPlaceToo() throws Exception {
    Path file = read(write("deep/lib/m.js", "one"));
    subscription.follow(snapshot);
    Files.move(folder.resolve("deep"), folder.resolve("old"));
    assertThat(awaitChanges(1)).containsExactly(file);
    follow();
    write("deep/lib/m.js", "two");
    assertThat(awaitChanges(1)).hasSize(1);
    snapshot = new Snapshot();
    follow();
    write("deep/lib/m.js", "three");
    assertThat(awaitChanges(1)).containsExactly(file);
  }

  /** Follows what is there now, as a reload does. */
  private void follow() throws IOException {
    snapshot = snapshot.withNewer(new Snapshot());
    Path file = folder.resolve("deep/lib/m.js");
    if (snapshot.isFile(file)) {
      snapshot.read(file);
    }
    told.clear();
    subscription.follow(snapshot);
  }

  @Test
  void manyFilesAtOnce_areOneChange() throws Exception {
    for (int i = 0; i < 50; i++) {
      read(write("f" + i + ".js", "one"));
    }
    subscription.follow(snapshot);
    for (int i = 0; i < 50; i++) {
      write("f" + i + ".js", "two");
    }
    assertThat(told.poll(30, TimeUnit.SECONDS)).hasSize(50);
  }

  @Test
  void touch_isNoChange() throws Exception {
    Path touched = read(write("a.js", "one"));
    Path changed = read(write("b.js", "one"));
    subscription.follow(snapshot);
    Files.writeString(touched, "one");
    write("b.js", "two");
    assertThat(awaitChanges(1)).containsExactly(changed);
  }

  @Test
  void moreFoldersOfPackagesThanAreWatched_areLookedAt() throws Exception {
    int count = FolderEvents.MAX_PACKAGE_FOLDERS + 20;
    for (int i = 0; i < count; i++) {
      read(write("packages/p" + i + "/index.js", "one"));
    }
    subscription.follow(snapshot);
    Set<Path> all = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      all.add(write("packages/p" + i + "/index.js", "two"));
    }
    assertThat(awaitChanges(count)).isEqualTo(all);
  }

  @Test
  void closedSubscription_isToldNothing() throws Exception {
    Path file = read(write("m.js", "one"));
    subscription.follow(snapshot);
    subscription.close();
    SourceWatch.Subscription other = watch.subscribe((old, changed) -> told.add(changed), () -> {});
    Snapshot another = new Snapshot();
    another.read(file);
    other.follow(another);
    write("m.js", "two");
    assertThat(told.poll(30, TimeUnit.SECONDS)).containsExactly(file);
    other.close();
    write("m.js", "three");
    assertThat(told.poll(1500, TimeUnit.MILLISECONDS)).isNull();
  }
}
