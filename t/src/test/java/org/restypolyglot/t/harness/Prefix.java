package org.restypolyglot.t.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes and removes nginx's folder: the fixtures, {@code logs}, {@code tmp}. The folder of a failed
 * test stays; see {@link FailureReport}. One thread, that of the tests.
 */
final class Prefix {
  private static final int REPORTED_LINES = 60;

  /** Made and not removed, in their order. */
  private static final Set<Path> USED = new LinkedHashSet<>();

  private static final Set<Path> RELEASED = new LinkedHashSet<>();
  private static final Set<Path> KEPT = new HashSet<>();

  private Prefix() {}

  /** A new folder that anybody may read, as workers may run as somebody else. */
  static Path create() throws IOException {
    Path prefix = Files.createTempDirectory("resty-t");
    USED.add(prefix);
    Files.setPosixFilePermissions(prefix, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(prefix.resolve("logs"));
    Files.createDirectories(prefix.resolve("tmp"));
    copyTree(resource("lua"), prefix.resolve("lua"));
    copyTree(resource("handlers"), prefix);
    return prefix;
  }

  /** A folder or file of the test resources. */
  static Path resource(String name) {
    URL url = Prefix.class.getClassLoader().getResource(name);
    if (url == null) {
      throw new AssertionError("no test resource " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** The folder may be removed when the test that used it has not failed. */
  static void release(Path prefix) {
    RELEASED.add(prefix);
  }

  /** Keeps all folders that there are now; returns where they are, and how each error.log ends. */
  static String keepAll() {
    USED.removeAll(KEPT);
    KEPT.addAll(USED);
    return USED.stream().map(Prefix::description).collect(Collectors.joining("\n"));
  }

  private static String description(Path prefix) {
    List<String> lines = new ErrorLog(prefix.resolve("logs/error.log")).lines();
    List<String> last = lines.subList(Math.max(0, lines.size() - REPORTED_LINES), lines.size());
    return "nginx's folder is kept: " + prefix + "\n" + String.join("\n", last);
  }

  /** Removes what was released and not kept. */
  static void removeReleased() {
    for (Path prefix : RELEASED) {
      if (!KEPT.contains(prefix)) {
        removeTree(prefix);
      }
    }
    USED.removeAll(RELEASED);
    RELEASED.clear();
  }

  private static void removeTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + root, e);
    }
  }
}
