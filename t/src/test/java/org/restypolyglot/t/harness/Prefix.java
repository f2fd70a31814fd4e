package org.restypolyglot.t.harness;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes and removes nginx's folder: the fixtures, {@code logs}, {@code tmp}. */
final class Prefix {
  private Prefix() {}

  /** A new folder that anybody may read, as workers may run as somebody else. */
  static Path create() throws IOException {
    Path prefix = Files.createTempDirectory("resty-t");
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

  /** Removes the folder, or says where it is when the test failed. */
  static void dispose(Path prefix, @Nullable Throwable failure) {
    if (failure != null) {
      failure.addSuppressed(new AssertionError("nginx's folder is kept: " + prefix));
      return;
    }
    try (Stream<Path> files = Files.walk(prefix)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot remove " + prefix, e);
    }
  }
}
