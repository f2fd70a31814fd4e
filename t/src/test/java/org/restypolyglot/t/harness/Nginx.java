package org.restypolyglot.t.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A running nginx in a temporary folder of its own, on a free port of 127.0.0.1.
 *
 * <p><b>Threads</b>: any for requests; one for the rest. <b>Owns</b>: its processes, and its folder
 * until {@link #close}; a failed test keeps the folder. <b>Failure</b>: {@link #check} fails on
 * what a test does not expect, {@link #close} also where nginx does not stop by itself or leaves
 * something behind.
 */
public final class Nginx extends Endpoint implements AutoCloseable {
  private final Path prefix;
  private final Process started; // the master, or its parent where it is a daemon
  private final Thread lastResort;
  private final ErrorLog log;
  private final Leftovers leftovers;
  private final Set<Long> everyWorker = new TreeSet<>();
  private ProcessHandle master;
  private Set<Long> workersAtStart = Set.of();
  private boolean stopped;

  private Nginx(Path prefix, int port, NginxConf conf) throws IOException {
    super(port);
    this.prefix = prefix;
    this.log = new ErrorLog(prefix.resolve("logs/error.log"));
    this.leftovers = new Leftovers(prefix);
    Files.writeString(prefix.resolve("nginx.conf"), conf.text(prefix, port));
    List<String> command = new ArrayList<>(conf.launcher());
    command.addAll(List.of(executable(), "-p", prefix + "/", "-c", "nginx.conf"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PREFIX", prefix.toString());
    this.started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(prefix.resolve("logs/stdout.log").toFile())
            .start();
    this.master = started.toHandle();
    this.lastResort = new Thread(this::kill, "nginx-last-resort");
  }

  static Nginx start(NginxConf conf) {
    Nginx nginx;
    try {
      nginx = new Nginx(Prefix.create(), NginxConf.freePort(), conf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(nginx.lastResort);
    try {
      if (conf.isDaemon()) {
        nginx.awaitEnd(nginx.started.toHandle());
        nginx.master = nginx.masterOfPidFile();
      }
      nginx.awaitAnswer(conf.workers());
      return nginx;
    } catch (RuntimeException | AssertionError e) {
      nginx.end();
      throw e;
    }
  }

  static String executable() {
    return Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
  }

  private void awaitAnswer(int workers) {
    Await.until(
        () -> "nginx answers; it printed\n" + stdout(),
        () -> {
          assertThat(master.isAlive()).as("nginx ended at once:\n%s", stdout()).isTrue();
          try {
            return send(request("/plain").build()).statusCode() == 200
                && workers().size() == workers;
          } catch (UncheckedIOException _) {
            return false;
          }
        });
    workersAtStart = workers();
  }

  private String stdout() {
    try {
      return Files.readString(prefix.resolve("logs/stdout.log"), ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Its folder; the fixtures are below it: {@code handlers/t/calls.js} is there as {@code
   * t/calls.js}.
   */
  public Path prefix() {
    return prefix;
  }

  public ErrorLog log() {
    return log;
  }

  /** See {@link ErrorLog#expect}. */
  public void expectLog(String regex) {
    log.expect(regex);
  }

  /** Writes a fixture of the test's own below the prefix. */
  public Path write(String path, String text) {
    try {
      Path file = prefix.resolve(path);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The worker processes' ids. */
  public Set<Long> workers() {
    return workersOf(master);
  }

  /** Those of a master that is not ours any more, after {@link #upgrade}. */
  public Set<Long> workersOf(ProcessHandle someMaster) {
    Set<Long> pids = new TreeSet<>();
    // An upgraded master is a child of the old one.
    someMaster.children().filter(child -> !child.equals(master)).forEach(c -> pids.add(c.pid()));
    everyWorker.addAll(pids);
    return pids;
  }

  /** The only worker's process id. */
  public long worker() {
    assertThat(workers()).as("worker processes").hasSize(1);
    return workers().iterator().next();
  }

  /** Sends a signal to the master: {@code HUP}, {@code QUIT} … */
  public void signal(String name) {
    signal(name, master.pid());
  }

  public void signal(String name, long pid) {
    try {
      // The shell's own: a minimal Debian has no program of that name.
      Shell.run("sh", "-c", "kill -s " + name + " " + pid).orThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /**
   * Reloads nginx and waits until new workers take the connections; the old ones may live on.
   * Returns the old ones.
   */
  public Set<Long> reload() {
    Set<Long> old = workers();
    signal("HUP");
    Await.until(
        "new workers",
        () ->
            workers().stream().filter(pid -> !old.contains(pid)).count() >= workersAtStart.size());
    for (long pid : old) {
      Await.until(
          "the old worker's last connection",
          () -> log.count(" " + pid + "#" + pid + ": gracefully shutting down") > 0);
    }
    return old;
  }

  /**
   * Starts a new master beside the old one and waits for its workers: the new ones are ours from
   * here on. Returns the old master, which goes on until it gets a signal.
   */
  public ProcessHandle upgrade() {
    ProcessHandle old = master;
    signal("USR2");
    Await.until("a new master", () -> !masterOfPidFile().equals(old));
    master = masterOfPidFile();
    Await.until("its workers", () -> workers().size() == workersAtStart.size());
    return old;
  }

  private ProcessHandle masterOfPidFile() {
    try {
      String pid = Files.readString(prefix.resolve("logs/nginx.pid")).strip();
      return pid.isEmpty() ? master : ProcessHandle.of(Long.parseLong(pid)).orElse(master);
    } catch (NoSuchFileException _) { // while it is renamed
      return master;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the processes are gone. */
  public void awaitGone(Set<Long> pids) {
    Await.until("the end of " + pids, () -> workers().stream().noneMatch(pids::contains));
  }

  /** The workers that live now are those that the next {@link #check} wants to see. */
  public void acceptWorkers() {
    workersAtStart = workers();
  }

  /** Fails if a worker died, or the log has what it should not have. */
  public void check() {
    log.check();
    assertThat(workers()).as("worker processes").isEqualTo(workersAtStart);
  }

  /** Waits for the end of nginx after a signal that stops it. */
  public void awaitStop() {
    awaitEnd(master);
    stopped = true;
  }

  /** Waits for the end of a process. */
  public void awaitEnd(ProcessHandle process) {
    Await.until(
        () -> "the end of " + process.pid() + "; its children: " + process.children().toList(),
        () -> !process.isAlive());
  }

  /** Stops it gracefully, and checks how it ended and that nothing is left of it. */
  @Override
  public void close() {
    try {
      closeConnections();
      if (!stopped) {
        leftovers.checkSockets(workers());
        signal("QUIT");
        awaitStop();
      }
      assertThat(started.waitFor()).as("nginx's exit code").isZero();
      leftovers.check(everyWorker);
      log.check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      end();
    }
  }

  private void end() {
    kill();
    Runtime.getRuntime().removeShutdownHook(lastResort);
    Prefix.release(prefix);
  }

  private void kill() {
    leftovers.processes().forEach(ProcessHandle::destroyForcibly);
    Stream.concat(master.descendants(), Stream.of(master, started.toHandle()))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }
}
