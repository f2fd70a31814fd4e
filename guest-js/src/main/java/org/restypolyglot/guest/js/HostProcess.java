package org.restypolyglot.guest.js;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.restypolyglot.core.Version;

/**
 * What {@code process} tells about the worker.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link IOException} where Linux does not say.
 */
public final class HostProcess {
  private static final int PAGE = 4096;
  private static final double TICK_NANOS = 1e7;

  HostProcess() {}

  /** The process's id. */
  @Export
  public double pid() {
    return ProcessHandle.current().pid();
  }

  /** The master's id. */
  @Export
  public double parentPid() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
  }

  /** Bytes: resident, heap, used of it, outside of it; available to the process, allowed to it. */
  @Export
  public ProxyArray memory() throws IOException {
    Runtime runtime = Runtime.getRuntime();
    long resident = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
    var outside = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    double heap = runtime.totalMemory();
    double free = runtime.freeMemory();
    return ProxyArray.fromArray(
        (double) resident * PAGE,
        heap,
        heap - free,
        (double) outside.getUsed(),
        runtime.maxMemory() - heap + free,
        (double) runtime.maxMemory());
  }

  /** Nanoseconds of CPU time of the process: in user code, in the system. */
  @Export
  public ProxyArray cpuNanos() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return ProxyArray.fromArray(
        Double.parseDouble(fields[11]) * TICK_NANOS, Double.parseDouble(fields[12]) * TICK_NANOS);
  }

  /** Node's {@code resourceUsage} in its order; what Linux does not count is 0. */
  @Export
  public ProxyArray resources() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double microsPerTick = TICK_NANOS / 1000;
    return ProxyArray.fromArray(
        Double.parseDouble(fields[11]) * microsPerTick,
        Double.parseDouble(fields[12]) * microsPerTick,
        status("VmHWM", 10),
        0,
        0,
        0,
        Double.parseDouble(fields[7]),
        Double.parseDouble(fields[9]),
        0,
        0,
        0,
        0,
        0,
        0,
        status("voluntary_ctxt_switches", 10),
        status("nonvoluntary_ctxt_switches", 10));
  }

  /** The umask. */
  @Export
  public double fileModeMask() throws IOException {
    return status("Umask", 8);
  }

  /** The ids of the process's groups. */
  @Export
  public ProxyArray groups() throws IOException {
    return ProxyArray.fromArray(
        Pattern.compile("[ \\t]+")
            .splitAsStream(statusText("Groups"))
            .filter(group -> !group.isEmpty())
            .map(Double::valueOf)
            .toArray());
  }

  private static double status(String field, int radix) throws IOException {
    return Long.parseLong(statusText(field).split(" ", 2)[0], radix);
  }

  private static String statusText(String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.substring(field.length() + 1).strip())
          .findFirst()
          .orElseThrow(() -> new IOException("/proc/self/status has no " + field));
    }
  }

  /** Whether there is a process of this id. */
  @Export
  public boolean isAlive(double id) {
    return ProcessHandle.of((long) id).map(ProcessHandle::isAlive).orElse(false);
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
