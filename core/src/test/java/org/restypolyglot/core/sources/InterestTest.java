package org.restypolyglot.core.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterestTest {
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void follow() throws IOException {
    folder = temporary.toRealPath();
  }

  private Path write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, name);
  }

  private Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(folder.resolve(name), Path.of(target));
  }

  @Test
  void plainFile_needsItsFolderAlone() throws Exception {
    Path file = write("a/b/m.js");
    Interest interest = new Interest(Set.of(file));
    assertThat(interest.folders()).containsExactly(folder.resolve("a/b"));
    assertThat(interest.pathsOf(file)).containsExactly(file);
    assertThat(interest.pathsOf(folder.resolve("a/b/other.js"))).isEmpty();
    assertThat(interest.isOnTheWay(folder.resolve("a"))).isTrue();
  }

  @Test
  void linkToAFolder_needsBothFolders_underTheirRealNames() throws Exception {
    write("r2/m.js");
    link("current", "r2");
    Path file = folder.resolve("current/m.js");
    Interest interest = new Interest(Set.of(file));
    assertThat(interest.folders()).containsExactlyInAnyOrder(folder, folder.resolve("r2"));
    assertThat(interest.pathsOf(folder.resolve("r2/m.js"))).containsExactly(file);
    assertThat(interest.isOnTheWay(folder.resolve("current"))).isTrue();
  }

  /** As in a ConfigMap of Kubernetes: all files are links through one that is turned. */
  @Test
  void chainOfLinks_needsTheFolderOfEachLink() throws Exception {
    write("versions/v1/m.js");
    link("data", "versions/latest");
    link("versions/latest", "v1");
    Path file = link("m.js", "data/m.js");
    Path same = link("same.js", "data/m.js");
    Interest interest = new Interest(Set.of(file, same));
    assertThat(interest.folders())
        .containsExactlyInAnyOrder(
            folder, folder.resolve("versions"), folder.resolve("versions/v1"));
    assertThat(interest.isOnTheWay(folder.resolve("data"))).isTrue();
    assertThat(interest.isOnTheWay(folder.resolve("versions/latest"))).isTrue();
    assertThat(interest.pathsOf(folder.resolve("versions/v1/m.js")))
        .containsExactlyInAnyOrder(file, same);
    assertThat(interest.pathsOf(file)).containsExactly(file);
  }

  @Test
  void linksThatLeadNowhere_areFollowedAsFarAsTheyGo() throws Exception {
    Path itself = link("itself", "itself");
    Path longer = link("longer", "longer/longer");
    link("a", "b");
    link("b", "a");
    Path gone = link("gone.js", "nowhere/m.js");
    Path inA = folder.resolve("a/m.js");
    Interest interest =
        new Interest(Set.of(itself, longer, longer.resolve("m.js"), inA, gone, Path.of("/")));
    assertThat(interest.folders()).contains(folder, folder.resolve("nowhere"), Path.of("/"));
    assertThat(interest.pathsOf(gone)).containsExactly(gone);
    assertThat(interest.pathsOf(itself)).containsExactly(itself);
    assertThat(interest.isOnTheWay(folder.resolve("b"))).isTrue();
  }
}
