package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.DebugOptions;
import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestExecutor;
import org.restypolyglot.core.guest.Sources;
import org.restypolyglot.core.guest.TaskQueue;

/** Timers that are not needed any more are taken back from the executor, not only ignored. */
class HostTimersTest {
  @TempDir Path folder;
  private final List<Duration> waiting = new ArrayList<>();
  private final List<Runnable> ready = new ArrayList<>();

  /** Runs nothing by itself; the test's thread is the guest thread. */
  private final class Executor implements GuestExecutor {
    @Override
    public void execute(Runnable code) {
      ready.add(code);
    }

    @Override
    public Scheduled schedule(Runnable code, Duration delay) {
      waiting.add(delay);
      return () -> waiting.remove(delay);
    }

    @Override
    public boolean isGuestThread() {
      return true;
    }
  }

  private static final class Disk implements Sources {
    @Override
    public byte[] read(Path file) throws java.io.IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public boolean isFile(Path file) {
      return Files.isRegularFile(file);
    }

    @Override
    public boolean isFolder(Path folder) {
      return Files.isDirectory(folder);
    }

    @Override
    public Path realPath(Path file) {
      return file;
    }
  }

  /** A queue without tasks. */
  private static final class NoTasks implements TaskQueue {
    @Override
    public long handle() {
      return 1;
    }

    @Override
    public long poll() {
      return 0;
    }

    @Override
    public byte @Nullable [] request(long task) {
      return null;
    }

    @Override
    public boolean respond(long task, int rc, byte @Nullable [] bytes) {
      return false;
    }
  }

  private Guest load(String body) throws Exception {
    Files.writeString(folder.resolve("m.js"), body + "\nexports.init = () => (req) => req;");
    Guest guest =
        new JsLanguage()
            .newGuest(
                new GuestEnvironment(
                    Spec.parse("js:m,init"),
                    new RuntimeOptions(
                        List.of(folder),
                        folder,
                        null,
                        Set.of(),
                        Set.of(),
                        1,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        DebugOptions.NONE),
                    new Executor(),
                    new Disk(),
                    (level, text) -> {},
                    new NoTasks(),
                    damage -> {}));
    guest.load().toCompletableFuture().get(60, TimeUnit.SECONDS);
    return guest;
  }

  @Test
  void cleared_isTakenBack() throws Exception {
    Guest guest =
        load(
            """
            setTimeout(() => {}, 1000);
            clearTimeout(setTimeout(() => {}, 2000));
            clearInterval(setInterval(() => {}, 3000));
            """);
    assertThat(waiting).containsExactly(Duration.ofSeconds(1));
    guest.close();
  }

  @Test
  void refreshed_waitsOnce() throws Exception {
    Guest guest = load("setTimeout(() => {}, 1000).refresh().refresh();");
    assertThat(waiting).containsExactly(Duration.ofSeconds(1));
    guest.close();
  }

  @Test
  void ids_mayBeMoreThanAnIntHolds() {
    try (Context context = Context.newBuilder("js").allowHostAccess(HostAccess.EXPLICIT).build();
        HostTimers timers = new HostTimers(new Executor(), damage -> {})) {
      context.getBindings("js").putMember("clock", timers);
      context.eval(
          "js",
          """
          const known = new Map([[2 ** 31, 'large'], [5, 'small']]);
          const fired = [];
          clock.fireWith((id) => fired.push(known.get(id)));
          clock.startImmediate(2 ** 31);
          clock.startImmediate(5);
          clock.start(2 ** 40, 1000);
          clock.stop(2 ** 40);
          """);
      ready.forEach(Runnable::run);
      assertThat(context.eval("js", "fired.join()").asString()).isEqualTo("large,small");
      assertThat(waiting).isEmpty();
    }
  }

  @Test
  void close_takesBackAll() throws Exception {
    Guest guest = load("setTimeout(() => {}, 1000); setInterval(() => {}, 2000);");
    assertThat(waiting).hasSize(2);
    guest.close();
    assertThat(waiting).isEmpty();
  }
}
