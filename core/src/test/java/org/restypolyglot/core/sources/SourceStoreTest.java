package org.restypolyglot.core.sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.guest.Sources;

class SourceStoreTest {
  @TempDir Path folder;
  private final SourceStore store = new SourceStore();

  @Test
  void withoutHotReload_laterLoadsSeeWhatWasReadFirst() throws Exception {
    Path file = Files.writeString(folder.resolve("m.js"), "one");
    assertThat(loadOf(file)).isEqualTo("one");
    Files.writeString(file, "two");
    assertThat(loadOf(file)).isEqualTo("one");
    Files.delete(file);
    Sources later = store.newLoad();
    assertThat(later.isFile(file)).isTrue();
    assertThat(later.read(folder.resolve("x/../m.js"))).asString().isEqualTo("one");
  }

  @Test
  void failedLoad_leavesNothingBehind() throws Exception {
    Path file = Files.writeString(folder.resolve("m.js"), "broken");
    Sources failing = store.newLoad();
    assertThat(failing.read(file)).asString().isEqualTo("broken");
    Files.writeString(file, "mended");
    assertThat(failing.read(file)).asString().isEqualTo("broken");
    assertThat(loadOf(file)).isEqualTo("mended");
  }

  @Test
  void readAfterTheLoad_isKeptToo() throws Exception {
    Path file = Files.writeString(folder.resolve("m.js"), "one");
    LoadSources load = store.newLoad();
    load.keep();
    load.read(file);
    Files.writeString(file, "two");
    assertThat(loadOf(file)).isEqualTo("one");
  }

  @Test
  void links_stayWhatTheyWere() throws Exception {
    Path file = Files.writeString(folder.resolve("m.js"), "one").toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("link.js"), file);
    LoadSources load = store.newLoad();
    assertThat(load.realPath(link)).isEqualTo(file);
    load.read(load.realPath(link));
    load.keep();
    Files.delete(file);
    Sources later = store.newLoad();
    assertThat(later.isFile(link)).isTrue();
    assertThat(later.realPath(link)).isEqualTo(file);
    assertThat(later.realPath(folder.resolve("x/../none")))
        .isEqualTo(folder.resolve("none").toAbsolutePath());
  }

  private String loadOf(Path file) throws Exception {
    LoadSources load = store.newLoad();
    String text = new String(load.read(file), UTF_8);
    load.keep();
    return text;
  }
}
