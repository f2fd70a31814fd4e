package org.restypolyglot.t.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * nginx's error.log, read by tests: a bad line that no test expected fails, and so does an expected
 * line that is missing. One thread at a time.
 */
public final class ErrorLog {
  private static final Pattern BAD =
      Pattern.compile("^\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d \\[(error|alert|crit|emerg)] .*");

  /** What a JVM or a library writes to stderr past the log, which nginx points to the same file. */
  private static final Pattern STRAY =
      Pattern.compile(
          "^(WARNING:|OpenJDK .*warning|Exception in thread|#|\\[To redirect|Java HotSpot).*");

  /** How long a line may take that was logged before the test looks. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path file;
  private final List<Pattern> expected = new ArrayList<>();
  private final List<Pattern> allowed = new ArrayList<>();
  private int checkedLines;

  /** The log in {@code file}, which need not be there yet. */
  public ErrorLog(Path file) {
    this.file = file;
  }

  /** All lines so far; bytes that are not ASCII become ISO 8859-1's characters. */
  public List<String> lines() {
    if (!Files.exists(file)) { // nginx has not got that far, or the test moved it
      return List.of();
    }
    try {
      return Files.readString(file, ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines since the last {@link #check}, that is, usually, of this test. */
  public List<String> newLines() {
    List<String> all = lines();
    return all.subList(Math.min(checkedLines, all.size()), all.size());
  }

  /** How many lines of the whole log {@code regex} is found in. */
  public long count(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return lines().stream().filter(line -> pattern.matcher(line).find()).count();
  }

  /** Renames the file, as log rotation does; nginx goes on writing to it until USR1. */
  public Path moveAway() {
    checkedLines = 0;
    try {
      return Files.move(file, file.resolveSibling("error.log.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line that {@code regex} is found in has to appear until the next check, and may be bad. */
  public void expect(String regex) {
    expected.add(Pattern.compile(regex));
  }

  /** Lines that {@code regex} is found in may appear until the next check, and may be bad. */
  public void allow(String regex) {
    allowed.add(Pattern.compile(regex));
  }

  /**
   * An error of {@code runtime} (say {@code js:t/calls}) with {@code message} in it, and any number
   * of lines of its stack.
   */
  public void expectError(String runtime, String message) {
    String begin = "\\[error] .*\\[" + Pattern.quote(runtime) + "]";
    expect(begin + ".*" + Pattern.quote(message));
    allow(begin);
  }

  /** Waits for what is expected, and fails on any other bad line. Then nothing is expected. */
  public void check() {
    List<String> fresh = newLines();
    try {
      for (Pattern pattern : expected) {
        Await.until(
            LIMIT,
            () ->
                "a log line with \"" + pattern + "\"; there were\n" + String.join("\n", newLines()),
            () -> newLines().stream().anyMatch(line -> pattern.matcher(line).find()));
      }
      fresh = newLines();
      assertThat(fresh.stream().filter(this::isUnexpected)).as("bad lines of error.log").isEmpty();
    } finally {
      checkedLines += fresh.size();
      expected.clear();
      allowed.clear();
    }
  }

  private boolean isUnexpected(String line) {
    boolean bad = BAD.matcher(line).matches() || STRAY.matcher(line).matches();
    return bad
        && Stream.concat(expected.stream(), allowed.stream())
            .noneMatch(pattern -> pattern.matcher(line).find());
  }
}
