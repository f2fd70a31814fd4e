package org.restypolyglot.t;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** An installation that was copied elsewhere, used by workers who own nothing and have no home. */
class RelocatedDistTest {

  @Test
  void copiedDist_works_alsoForAUserWithoutAHome() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    assumeThat(temporary).as("nobody's way to it").satisfies(RelocatedDistTest::isOpen);
    Path folder = Files.createTempDirectory(temporary, "resty dist ");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Dist copy = Dist.underTest().copyTo(folder.resolve("other name"));
      try (Nginx nginx = new NginxConf().dist(copy).unprivilegedWorkers().start()) {
        String code = "return load('%s'):echo('moved')";
        assertThat(nginx.lua(code, "js:t/calls,init")).isEqualTo("true, 'moved'");
        assertThat(nginx.lua(code, "py:t/calls,init")).isEqualTo("true, 'moved'");
        assertThat(nginx.lua("return load('py:t/library,init'):where('')"))
            .startsWith("true, 'CompiledLoader, without typing: " + copy.root() + "/")
            .endsWith("/json/decoder.py'");
        assertThat(openFilesBelow(nginx.worker(), Dist.underTest().root())).isEmpty();
        if (copy.hasJava()) {
          // The JVM maps its cache only where it fits the jars and the options.
          assertThat(openFilesBelow(nginx.worker(), copy.root()))
              .anyMatch(line -> line.contains("/java/lib/resty-polyglot.aot"));
        }
        nginx.check();
      }
      Shell.Result result =
          Shell.run(
              Dist.handlers(),
              Map.of(),
              "x".getBytes(java.nio.charset.StandardCharsets.UTF_8),
              List.of(
                  copy.command("resty-polyglot").toString(), "call", "js:t/calls,init", "echo"));
      assertThat(result.orThrow().out()).isEqualTo("x");
    } finally {
      Shell.run("rm", "-rf", folder.toString()).orThrow();
    }
  }

  /** Some machines are so closed that no other user reads any file, as their root folder is. */
  private static void isOpen(Path folder) throws IOException {
    for (Path at = folder; at != null; at = at.getParent()) {
      assertThat(Files.getPosixFilePermissions(at)).as("%s", at).contains(OTHERS_EXECUTE);
    }
  }

  /** What the worker has mapped of the original: nothing, if the copy stands on its own. */
  private static List<String> openFilesBelow(long pid, Path root) throws Exception {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps")).stream()
        .filter(line -> line.contains(root + "/"))
        .toList();
  }
}
