package org.restypolyglot.t.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. Any thread; a command that hangs is ended and reported. */
public final class Shell {
  private static final long LIMIT_SECONDS = 240;

  private Shell() {}

  /**
   * What a command left: its exit code and what it printed.
   *
   * @param bytes its standard output, a character for each byte
   */
  public record Result(String command, int rc, String bytes, String stderr) {

    /** Its standard output. */
    public String out() {
      return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    /** The same result, if the command succeeded. */
    public Result orThrow() {
      if (rc != 0) {
        throw new AssertionError(command + " ended with " + rc + "\n" + out() + "\n" + stderr);
      }
      return this;
    }
  }

  public static Result run(String... command) throws IOException, InterruptedException {
    return run(Path.of("."), Map.of(), new byte[0], List.of(command));
  }

  /** Runs {@code command} in {@code folder}, with {@code input} as its standard input. */
  public static Result run(
      Path folder, Map<String, String> environment, byte[] input, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("resty-out", null);
    Path err = Files.createTempFile("resty-err", null);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input);
      } catch (IOException _) {
        // The command ended without reading its input.
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " did not end\n" + Files.readString(err));
      }
      return new Result(
          String.join(" ", command),
          process.exitValue(),
          Files.readString(out, ISO_8859_1),
          Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
