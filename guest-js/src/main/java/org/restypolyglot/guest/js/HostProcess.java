package org.restypolyglot.guest.js;

import java.nio.file.Path;
import java.util.Map;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.restypolyglot.core.Version;

/**
 * What {@code process} tells about the worker.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
public final class HostProcess {
  HostProcess() {}

  /** The environment as {@code [name, value, name, value, ...]}. */
  @Export
  public ProxyArray environment() {
    Object[] pairs =
        System.getenv().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue()))
            .toArray();
    return ProxyArray.fromArray(pairs);
  }

  /** The process's id. */
  @Export
  public double pid() {
    return ProcessHandle.current().pid();
  }

  /** The current folder. */
  @Export
  public String currentFolder() {
    return Path.of("").toAbsolutePath().toString();
  }

  /** The machine's architecture in Java's words. */
  @Export
  public String architecture() {
    return System.getProperty("os.arch", "");
  }

  /** This project's version. */
  @Export
  public String projectVersion() {
    return Version.TEXT;
  }

  /** Nanoseconds of a clock that never goes back, as decimal digits. */
  @Export
  public String nanos() {
    return Long.toString(System.nanoTime());
  }
}
