package org.restypolyglot.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    assertThat(store.forLoad(false).read(file)).asString().isEqualTo("one");
    Files.writeString(file, "two");
    assertThat(store.forLoad(false).read(file)).asString().isEqualTo("one");
    Files.delete(file);
    Sources later = store.forLoad(false);
    assertThat(later.isFile(file)).isTrue();
    assertThat(later.read(folder.resolve("x/../m.js"))).asString().isEqualTo("one");
  }

  @Test
  void withHotReload_eachLoadReadsTheDisk() throws Exception {
    Path file = Files.writeString(folder.resolve("m.js"), "one");
    store.forLoad(false).read(file);
    Files.writeString(file, "two");
    assertThat(store.forLoad(true).read(file)).asString().isEqualTo("two");
    assertThat(store.forLoad(false).read(file)).asString().isEqualTo("one");
    Files.delete(file);
    assertThat(store.forLoad(true).isFile(file)).isFalse();
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> store.forLoad(true).read(file));
  }
}
