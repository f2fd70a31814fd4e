package org.restypolyglot.core.sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir Path folder;
  private final Snapshot snapshot = new Snapshot();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("m.js"), "one");
  }

  private static String read(Snapshot snapshot, Path file) throws IOException {
    return new String(snapshot.read(file), UTF_8);
  }

  private Iterable<Path> changes() {
    return snapshot.changes(Set.of());
  }

  @Test
  void whatWasRead_staysTheSame() throws Exception {
    assertThat(read(snapshot, file)).isEqualTo("one");
    Files.writeString(file, "two");
    assertThat(read(snapshot, folder.resolve("x/../m.js"))).isEqualTo("one");
    Files.delete(file);
    assertThat(snapshot.isFile(file)).isTrue();
    assertThat(snapshot.files()).containsExactly(file);
  }

  @Test
  void fileThatWasRead_changesByItsContentAlone() throws Exception {
    read(snapshot, file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(changes()).isEmpty();
    Files.writeString(file, "two");
    assertThat(changes()).containsExactly(file);
    Files.writeString(file, "one");
    assertThat(changes()).isEmpty();
    Files.delete(file);
    assertThat(changes()).containsExactly(file);
  }

  @Test
  void secondWriteWithTheSameTimeAndSize_isSeen() throws Exception {
    FileTime time = Files.getLastModifiedTime(file);
    read(snapshot, file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    assertThat(changes()).containsExactly(file);
  }

  @Test
  void sameTimeAndSizeLongAgo_isSeenWhereItIsSuspected() throws Exception {
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, old);
    read(snapshot, file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, old);
    assertThat(changes()).isEmpty();
    assertThat(snapshot.changes(Set.of(file))).containsExactly(file);
  }

  @Test
  void fileThatWasLookedForInVain_changesWhenItComes() throws Exception {
    Path missing = folder.resolve("util.js");
    assertThat(snapshot.isFile(missing)).isFalse();
    assertThat(changes()).isEmpty();
    Files.createDirectory(missing);
    assertThat(changes()).containsExactly(missing);
  }

  @Test
  void fileThatCouldNotBeRead_changesWhenItComes() throws Exception {
    Path missing = folder.resolve("util.js");
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> snapshot.read(missing));
    assertThat(snapshot.files()).isEmpty();
    Files.writeString(missing, "");
    assertThat(changes()).containsExactly(missing);
  }

  @Test
  void fileThatWentBeforeItWasRead_changesWhenItIsBack() throws Exception {
    assertThat(snapshot.isFile(file)).isTrue();
    Files.delete(file);
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> snapshot.read(file));
    assertThat(changes()).isEmpty();
    Files.writeString(file, "one");
    assertThat(changes()).containsExactly(file);
    assertThat(snapshot.withNewer(new Snapshot()).changes(Set.of())).isEmpty();
  }

  @Test
  void lookUpsInAFolderThatIsNotThere_areOneFact() throws Exception {
    Path modules = folder.resolve("node_modules");
    for (String name : new String[] {"a", "a.js", "a/package.json", "b/c/d"}) {
      assertThat(snapshot.isFile(modules.resolve(name))).isFalse();
    }
    assertThat(snapshot.paths()).containsExactly(modules);
    Files.createDirectories(modules.resolve("b/c"));
    Files.createFile(modules.resolve("a.js"));
    assertThat(changes()).containsExactly(modules);
    assertThat(snapshot.isFile(modules.resolve("a.js"))).as("what was answered, stays").isFalse();
  }

  @Test
  void folder_isOne_untilItGoes() throws Exception {
    Path packages = Files.createDirectory(folder.resolve("packages"));
    assertThat(snapshot.isFolder(packages)).isTrue();
    assertThat(snapshot.isFile(packages)).isFalse();
    Files.createFile(packages.resolve("new"));
    assertThat(changes()).isEmpty();
    Files.delete(packages.resolve("new"));
    Files.delete(packages);
    assertThat(changes()).containsExactly(packages);
  }

  @Test
  void turnedLink_isAChangeOfWhatIsBehindIt() throws Exception {
    Files.createDirectories(folder.resolve("r1"));
    Files.createDirectories(folder.resolve("r2"));
    Files.writeString(folder.resolve("r1/m.js"), "one");
    Files.writeString(folder.resolve("r2/m.js"), "two");
    Path link = Files.createSymbolicLink(folder.resolve("current"), Path.of("r1"));
    read(snapshot, link.resolve("m.js"));
    assertThat(changes()).isEmpty();
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("r2"));
    assertThat(changes()).containsExactly(link.resolve("m.js"));
  }

  @Test
  void withNewer_takesTheOthersFacts_andLooksAgainAtItsOwn() throws Exception {
    Path other = Files.writeString(folder.resolve("other.js"), "one");
    read(snapshot, file);
    read(snapshot, other);
    Files.writeString(file, "broken");
    Files.writeString(other, "two");
    Snapshot failed = new Snapshot();
    read(failed, file);
    Files.writeString(file, "mended");

    Snapshot merged = snapshot.withNewer(failed);
    assertThat(merged.changes(Set.of())).containsExactly(file);
    Files.writeString(other, "three");
    assertThat(merged.changes(Set.of())).containsExactly(file, other);

    Snapshot looked = new Snapshot();
    looked.isFile(other);
    merged = snapshot.withNewer(looked);
    Files.writeString(other, "four");
    assertThat(merged.changes(Set.of())).as("it had been read").containsExactly(other);
  }

  /** The code that serves after a failed reload goes on reading. */
  @Test
  void withNewer_learnsWhatTheFirstOneReadsLater_andOnlyThat() throws Exception {
    Path late = Files.writeString(folder.resolve("late.js"), "one");
    Path broken = Files.writeString(folder.resolve("broken.js"), "one");
    read(snapshot, broken);
    Files.writeString(broken, "two");
    Snapshot failed = new Snapshot();
    read(failed, broken);
    Snapshot merged = snapshot.withNewer(failed).withNewer(new Snapshot());
    int learned = merged.learned();
    assertThat(merged.learned()).as("nothing new").isEqualTo(learned);
    read(snapshot, late);
    assertThat(merged.learned()).isGreaterThan(learned);
    assertThat(merged.changes(Set.of())).isEmpty();
    Files.writeString(late, "two");
    assertThat(merged.changes(Set.of())).containsExactly(late);
    read(failed, Files.writeString(folder.resolve("other.js"), "one"));
    assertThat(merged.paths()).doesNotContain(folder.resolve("other.js"));
  }

  @Test
  void largeFile_isComparedToItsEnd() throws Exception {
    byte[] bytes = new byte[300_000];
    Path large = Files.write(folder.resolve("data"), bytes);
    snapshot.read(large);
    assertThat(snapshot.changes(Set.of(large))).isEmpty();
    Files.write(large, Arrays.copyOf(bytes, bytes.length + 1));
    assertThat(snapshot.changes(Set.of(large))).as("longer").containsExactly(large);
    Files.write(large, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(snapshot.changes(Set.of(large))).as("shorter").containsExactly(large);
    bytes = bytes.clone();
    bytes[bytes.length - 1] = 1;
    Files.write(large, bytes);
    assertThat(snapshot.changes(Set.of(large))).as("other").containsExactly(large);
    Files.write(large, new byte[0]);
    assertThat(snapshot.changes(Set.of(large))).as("empty").containsExactly(large);
  }

  @Test
  void linkToItself_isNoFile_untilItIsTurned() throws Exception {
    Path loop = Files.createSymbolicLink(folder.resolve("loop.js"), Path.of("loop.js"));
    assertThat(snapshot.isFile(loop)).isFalse();
    assertThat(snapshot.isFile(loop.resolve("m.js"))).isFalse();
    assertThat(changes()).isEmpty();
    Files.delete(loop);
    Files.createSymbolicLink(loop, Path.of("m.js"));
    assertThat(changes()).containsExactly(loop);
  }

  /** A folder's name in the place of a file's. */
  @Test
  void fileThatCannotBeRead_isOneFact_untilItCan() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> snapshot.read(data));
    assertThat(changes()).isEmpty();
    assertThat(snapshot.files()).isEmpty();
    Files.delete(data);
    Files.writeString(data, "");
    assertThat(changes()).containsExactly(data);
  }

  @Test
  void linkThatIsTurned_isAChange() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.js"), file);
    Path other = Files.writeString(folder.resolve("other.js"), "one");
    Path real = file.toRealPath();
    assertThat(snapshot.realPath(link)).isEqualTo(real);
    assertThat(snapshot.realPath(real)).isEqualTo(real);
    assertThat(snapshot.isFile(link)).isTrue();
    assertThat(changes()).isEmpty();
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(changes()).containsExactly(link);
    assertThat(snapshot.realPath(link)).isEqualTo(real);
    Snapshot newer = snapshot.withNewer(new Snapshot());
    assertThat(newer.realPath(link)).isEqualTo(other.toRealPath());
    assertThat(newer.changes(Set.of())).isEmpty();
  }
}
