package org.restypolyglot.t.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An installation, as {@code make build} leaves it.
 *
 * @param root the folder that holds {@code lualib}, {@code lib}, {@code jars} …
 */
public record Dist(Path root) {

  /** The one under test. */
  public static Dist underTest() {
    Path root = Path.of(System.getProperty("resty.dist", "../dist")).toAbsolutePath().normalize();
    if (!Files.isRegularFile(root.resolve("lualib/resty_ffi.lua"))) {
      throw new AssertionError("there is no installation in " + root + ": run \"make build\"");
    }
    return new Dist(root);
  }

  /** The folder of the project's sources. */
  public static Path checkout() {
    return Path.of(System.getProperty("resty.checkout", "..")).toAbsolutePath().normalize();
  }

  /** The folder of the tests' handlers: {@code t/calls.js} … */
  public static Path handlers() {
    return Prefix.resource("handlers");
  }

  public Path lualib() {
    return root.resolve("lualib");
  }

  public Path library(String name) {
    return root.resolve("lib").resolve(name);
  }

  public Path command(String name) {
    return root.resolve("bin").resolve(name);
  }

  /** Whether it has a Java of its own: not where it was built with a GraalVM, say. */
  public boolean hasJava() {
    return Files.isDirectory(root.resolve("java"));
  }

  /** The same installation under another name: hard links where that works, else copies. */
  public Dist copyTo(Path other) throws IOException, InterruptedException {
    if (Shell.run("cp", "-al", root.toString(), other.toString()).rc() != 0) {
      Shell.run("rm", "-rf", other.toString()).orThrow();
      Shell.run("cp", "-a", root.toString(), other.toString()).orThrow();
    }
    return new Dist(other);
  }
}
