package org.restypolyglot.t.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an nginx could leave behind, which is nothing: processes, files in {@code /tmp}, unix
 * sockets.
 *
 * <p>Others use the machine too, so only what is certainly nginx's counts: a process that has a
 * file of nginx's folder open (all have the log as their stderr), and a file in {@code /tmp} that
 * bears a worker's process id or, where workers run as somebody else, belongs to that user.
 *
 * <p>One thread; keeps nothing open.
 */
final class Leftovers {
  private static final Path TMP = Path.of("/tmp");
  private static final Path PROC = Path.of("/proc");

  /** How long the system may take to let go of a process that has ended. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Path prefix;
  private final Set<Path> before = new HashSet<>(list(TMP));

  /** To be made before nginx starts. */
  Leftovers(Path prefix) {
    this.prefix = prefix;
  }

  /** Fails if a worker that runs now has a unix socket with a name. */
  void checkSockets(Set<Long> workers) {
    Map<String, String> named = namedSockets();
    for (long worker : workers) {
      assertThat(openFiles(worker).map(Path::toString).filter(named::containsKey).map(named::get))
          .as("unix sockets of worker %d", worker)
          .isEmpty();
    }
  }

  /** Fails if something is left, after nginx's end, of it or of its {@code workers}. */
  void check(Set<Long> workers) {
    Await.until(
        LIMIT, () -> "the end of nginx's processes: " + processes(), () -> processes().isEmpty());
    assertThat(list(TMP))
        .as("files that nginx's workers %s left in %s", workers, TMP)
        .noneMatch(file -> !before.contains(file) && isOf(file, workers));
  }

  /** Those that have a file of nginx's folder open. */
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> !process.equals(ProcessHandle.current()))
        .filter(process -> openFiles(process.pid()).anyMatch(file -> file.startsWith(prefix)))
        .toList();
  }

  private boolean isOf(Path file, Set<Long> workers) {
    List<String> numbers = Arrays.asList(file.getFileName().toString().split("\\D+"));
    if (workers.stream().anyMatch(pid -> numbers.contains(Long.toString(pid)))) {
      return true;
    }
    try {
      String owner = Files.getOwner(file).getName();
      return !owner.equals(System.getProperty("user.name")) && owner.equals(workersUser());
    } catch (IOException _) {
      return false; // It is gone: nobody left it.
    }
  }

  /** Who owns what nginx's master makes for its workers. */
  private String workersUser() throws IOException {
    return Files.getOwner(prefix.resolve("tmp/body")).getName();
  }

  /** {@code socket:[inode]} and the path, or {@code @name}, that it is bound to. */
  private static Map<String, String> namedSockets() {
    Map<String, String> sockets = new HashMap<>();
    for (String line : readLines(PROC.resolve("net/unix"))) {
      String[] fields = line.trim().split(" +", 8);
      if (fields.length == 8) {
        sockets.put("socket:[" + fields[6] + "]", fields[7]);
      }
    }
    return sockets;
  }

  private static Stream<Path> openFiles(long pid) {
    List<Path> files = new ArrayList<>();
    for (Path descriptor : list(PROC.resolve(Long.toString(pid)).resolve("fd"))) {
      try {
        files.add(Files.readSymbolicLink(descriptor));
      } catch (IOException _) {
        // Closed meanwhile.
      }
    }
    return files.stream();
  }

  /** What is in a folder; nothing where it cannot be read, as those of others' processes. */
  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  private static List<String> readLines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
