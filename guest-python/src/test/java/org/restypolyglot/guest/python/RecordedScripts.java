package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Python scripts of a folder, each with a file beside it that has what the script printed in
 * CPython ({@code guest-python/python/record}).
 */
final class RecordedScripts {
  private static final String SUFFIX = ".py";

  private final Path folder;

  /** In {@code src/test/resources}. */
  RecordedScripts(String folder) {
    this.folder = Path.of("src/test/resources", folder).toAbsolutePath();
  }

  Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  String printed(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".txt"), UTF_8);
  }
}
