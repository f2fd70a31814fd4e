package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;
import org.restypolyglot.t.harness.SilentServer;

/**
 * A JavaScript handler that holds Workers, sockets, files, watches and requests under way: they end
 * with its context, however that ends, and keep no nginx worker alive.
 */
class HeldResourcesTest {
  /** A Worker's, {@code net}'s, {@code http2}'s, {@code http}'s and {@code fetch}'s. */
  private static final int CONNECTIONS = 5;

  @TempDir Path folder = Path.of("unset");

  private String holder(SilentServer server) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("file"), "text");
    Shell.run(folder, Map.of(), new byte[0], List.of("mkfifo", "fifo")).orThrow();
    return "local rt = load('js:t/held?,init,{\"port\":%d,\"folder\":\"%s\"}', nil, {timeout = 90})\n"
        .formatted(server.port(), folder);
  }

  private static void hold(Nginx nginx, String holder, SilentServer server) {
    assertThat(nginx.lua(holder + "return rt:hold()")).isEqualTo("true, 'held'");
    Await.until(
        () -> CONNECTIONS + " connections, not " + server.open(),
        () -> server.open() == CONNECTIONS);
  }

  private void awaitRelease(Nginx nginx, SilentServer server) {
    Await.until(
        () -> "the end of all connections; left: " + server.open(), () -> server.open() == 0);
    Await.until(
        () -> "the end of all files; left: " + openFiles(nginx.worker()),
        () -> openFiles(nginx.worker()).isEmpty());
    Await.until(
        () -> "the end of the Workers' threads; left: " + workerThreads(nginx.worker()),
        () -> workerThreads(nginx.worker()).isEmpty());
  }

  /** What of the folder, and of inotify, the process has open. */
  private List<String> openFiles(long pid) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors
          .flatMap(HeldResourcesTest::target)
          .filter(target -> target.startsWith(folder + "/") || target.equals(folder.toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> target(Path descriptor) {
    try {
      return Stream.of(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException _) {
      return Stream.empty(); // Closed meanwhile.
    }
  }

  private static List<String> workerThreads(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads
          .flatMap(HeldResourcesTest::name)
          .filter(name -> name.startsWith("resty-js-worker"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> name(Path thread) {
    try {
      return Stream.of(Files.readString(thread.resolve("comm")).strip());
    } catch (IOException _) {
      return Stream.empty(); // Ended meanwhile.
    }
  }

  @Test
  void unload_andHotReload_endAll_afterAnInterruptToo() throws Exception {
    try (SilentServer server = new SilentServer();
        Nginx nginx = new NginxConf().start()) {
      String holder = holder(server);
      hold(nginx, holder, server);
      assertThat(workerThreads(nginx.worker())).hasSize(4);
      assertThat(openFiles(nginx.worker())).hasSizeGreaterThanOrEqualTo(3);
      nginx.lua(holder + "rt:__unload()");
      awaitRelease(nginx, server);

      hold(nginx, holder, server);
      Path module = nginx.prefix().resolve("t/held.js");
      nginx.write("t/held.js", Files.readString(module) + "\n// Saved again.\n");
      awaitRelease(nginx, server);
      nginx.expectLog("\\[js:t/held] generation 2 serves");

      hold(nginx, holder, server);
      assertThat(nginx.lua(holder + "return rt:spin(nil, {timeout = 0.5})"))
          .isEqualTo("false, 'timeout'");
      assertThat(nginx.lua(holder + "return rt:echo('goes on')")).isEqualTo("true, 'goes on'");
      nginx.expectLog("\\[warn] .*\\[js:t/held] .*runs on after its time-out; it is interrupted");
      nginx.expectLog("\\[error] .*\\[js:t/held] the guest was interrupted");
      nginx.lua(holder + "rt:__unload()");
      awaitRelease(nginx, server);
      nginx.check();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "QUIT", "TERM", "KILL"})
  void worker_endsAtOnce(String signal) throws Exception {
    try (SilentServer server = new SilentServer();
        Nginx nginx = new NginxConf().http("keepalive_timeout 0;").start()) {
      String holder = holder(server);
      hold(nginx, holder, server);
      switch (signal) {
        case "HUP" -> {
          Set<Long> old = nginx.reload();
          nginx.awaitGone(old);
          assertThat(nginx.lua(holder + "return rt:echo('new')")).isEqualTo("true, 'new'");
          nginx.acceptWorkers();
          nginx.check();
        }
        case "KILL" -> {
          long old = nginx.worker();
          nginx.log().allow("worker process \\d+ exited on signal 9");
          nginx.signal(signal, old);
          nginx.awaitGone(Set.of(old));
          Await.until("a new worker", () -> nginx.workers().size() == 1);
          nginx.acceptWorkers();
          assertThat(nginx.lua(holder + "return rt:echo('new')")).isEqualTo("true, 'new'");
        }
        default -> {
          nginx.signal(signal);
          nginx.awaitStop();
        }
      }
      Await.until(() -> "the end of connections: " + server.open(), () -> server.open() == 0);
    }
  }
}
