package org.restypolyglot.core.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.DebugOptions;
import org.restypolyglot.core.RuntimeOptions;

class ModuleRootsTest {

  @Test
  void of_isPathThenVariableThenPrefix_eachOnce() {
    RuntimeOptions options =
        new RuntimeOptions(
            List.of(Path.of("/p"), Path.of("rel")),
            Path.of("/pre"),
            null,
            Set.of(),
            Set.of(),
            1,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            DebugOptions.NONE);
    assertThat(ModuleRoots.of(options, "/n::/p:m"))
        .extracting(Path::toString)
        .containsExactly("/p", "/pre/rel", "/n", "/pre/m", "/pre");
  }

  @Test
  void of_nothing_isTheCurrentFolder() {
    assertThat(ModuleRoots.of(RuntimeOptions.NONE, null))
        .containsExactly(Path.of("").toAbsolutePath());
  }
}
