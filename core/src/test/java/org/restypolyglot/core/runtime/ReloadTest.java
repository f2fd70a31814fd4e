package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ReloadTest {
  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private final List<String> disposed = new CopyOnWriteArrayList<>();
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<@Nullable Void>> loading = new ConcurrentHashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final Semaphore holding = new Semaphore(0);
  private @Nullable Runtimes runtimes;
  private Path module;

  /** Its module is a text: what its handler answers. */
  private final class TextGuest extends Behaviour {
    private String text = "";

    TextGuest(GuestEnvironment environment) {
      super(environment);
    }

    @Override
    public CompletionStage<Void> load() {
      try {
        text = new String(environment.sources().read(module), UTF_8);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(new GuestException("cannot read " + e.getMessage()));
      }
      begun.add(text);
      if (text.startsWith("broken")) {
        return CompletableFuture.failedFuture(new GuestException(text));
      }
      return loading.getOrDefault(text, CompletableFuture.completedFuture(null));
    }

    @Override
    public void handle(Task task) throws Exception {
      if (task.method().equals("hold")) {
        holding.release();
        held.await();
      }
      if (task.method().startsWith("/")) {
        task.reply(environment.sources().read(Path.of(task.method())));
      }
      task.reply(text);
    }

    @Override
    public CompletionStage<Void> dispose() {
      disposed.add(text);
      return super.dispose();
    }

    @Override
    public void close() {
      closed.add(text);
    }
  }

  @BeforeEach
  void write() throws IOException {
    module = folder.resolve("m");
    change("one");
  }

  @AfterEach
  void stop() {
    held.countDown();
    if (runtimes != null) {
      runtimes.close();
    }
  }

  /** How many folders this process watches with inotify. */
  private static long watches() throws IOException {
    long all = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          all +=
              Files.readAllLines(descriptor).stream()
                  .filter(line -> line.startsWith("inotify "))
                  .count();
        } catch (IOException closedMeanwhile) {
          // one less
        }
      }
    }
    return all;
  }

  private void change(String text) throws IOException {
    Path whole = Files.writeString(folder.resolve("m~"), text); // never half a file
    Files.move(whole, module, StandardCopyOption.ATOMIC_MOVE);
  }

  private long load(Threading threading, String options) throws GuestException {
    runtimes = Runtimes.start(host, List.of(new FakeLanguage("any", threading, TextGuest::new)));
    long queue = host.newQueue(options);
    runtimes.load("any:m?,init", queue);
    return queue;
  }

  private long load() throws GuestException {
    return load(Threading.ANY_THREAD, "{}");
  }

  private CompletableFuture<String> call(long queue, String method) {
    return host.call(queue, method, null, null).thenApply(ReloadTest::text);
  }

  private static String text(Reply reply) {
    return reply.bytes() == null ? "nil" : new String(reply.bytes(), UTF_8);
  }

  private void awaitReply(long queue, String wanted) throws InterruptedException {
    String reply = call(queue, "get").join();
    while (!reply.equals(wanted)) {
      Thread.sleep(2);
      reply = call(queue, "get").join();
    }
  }

  private void awaitLine(String start) throws InterruptedException {
    while (log.stream().noneMatch(line -> line.startsWith(start))) {
      Thread.sleep(2);
    }
  }

  private JsonObject status(long queue) {
    return JsonParser.parseString(String.valueOf(host.status(queue))).getAsJsonObject();
  }

  @Test
  void change_startsTheNextGeneration_andDisposesTheOld() throws Exception {
    for (Threading threading : Threading.values()) {
      change("one");
      long queue = load(threading, "{}");
      assertThat(call(queue, "get").join()).isEqualTo("one");
      assertThat(status(queue).get("generation").getAsInt()).isEqualTo(1);
      assertThat(status(queue).has("reload")).isFalse();
      change("two");
      awaitReply(queue, "two");
      awaitLine("NOTICE [any:m] generation 2 serves, ");
      while (!disposed.contains("one")) {
        Thread.sleep(2);
      }
      JsonObject status = status(queue);
      assertThat(status.get("generation").getAsInt()).isEqualTo(2);
      assertThat(status.getAsJsonArray("files").toString()).isEqualTo("[\"" + module + "\"]");
      JsonObject reload = status.getAsJsonObject("reload");
      assertThat(reload.get("outcome").getAsString()).isEqualTo("ok");
      assertThat(reload.get("duration").getAsDouble()).isPositive();
      assertThat(reload.get("time").getAsDouble())
          .isBetween(System.currentTimeMillis() / 1e3 - 60, System.currentTimeMillis() / 1e3);
      assertThat(reload.getAsJsonArray("changed").toString()).contains(module.toString());
      stop();
      log.clear();
      disposed.clear();
    }
  }

  @Test
  void withoutQuestionMark_nothingHappens() throws Exception {
    runtimes =
        Runtimes.start(
            host, List.of(new FakeLanguage("any", Threading.ANY_THREAD, TextGuest::new)));
    long queue = host.newQueue("{}");
    runtimes.load("any:m,init", queue);
    change("two");
    Thread.sleep(1500);
    assertThat(call(queue, "get").join()).isEqualTo("one");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("resty-reload"));
    assertThat(status(queue).getAsJsonArray("files")).hasSize(1);
  }

  @Test
  void brokenChange_keepsTheOldGeneration_untilItIsMended() throws Exception {
    long queue = load();
    change("broken: line 3");
    awaitLine("ERROR [any:m] reload failed, generation 1 keeps serving: broken: line 3");
    assertThat(call(queue, "get").join()).isEqualTo("one");
    JsonObject reload = status(queue).getAsJsonObject("reload");
    assertThat(reload.get("outcome").getAsString()).isEqualTo("failed");
    assertThat(reload.get("error").getAsString()).isEqualTo("broken: line 3");
    Thread.sleep(1500);
    assertThat(log).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
    change("mended");
    awaitReply(queue, "mended");
    awaitLine("NOTICE [any:m] generation 2 serves, ");
  }

  @Test
  void deletedFileThatComesBack_isReloaded() throws Exception {
    long queue = load();
    Files.delete(module);
    awaitLine("ERROR [any:m] reload failed, generation 1 keeps serving: cannot read ");
    change("back");
    awaitReply(queue, "back");
  }

  @Test
  void callInFlight_endsOnTheOldGeneration_othersBeginOnTheNext() throws Exception {
    long queue = load();
    CompletableFuture<String> old = call(queue, "hold");
    holding.acquire();
    CompletableFuture<String> waiting = call(queue, "get");
    change("two");
    awaitLine("NOTICE [any:m] generation 2 serves, ");
    assertThat(call(queue, "get").join()).isEqualTo("two");
    assertThat(waiting.join()).as("a call that had not begun").isEqualTo("two");
    assertThat(disposed).isEmpty();
    held.countDown();
    assertThat(old.join()).isEqualTo("one");
    while (!disposed.contains("one")) {
      Thread.sleep(2);
    }
  }

  @Test
  void callsDuringAReload_areServedByTheOldGeneration() throws Exception {
    CompletableFuture<@Nullable Void> slow = new CompletableFuture<>();
    loading.put("two", slow);
    long queue = load();
    change("two");
    for (int i = 0; i < 100; i++) {
      assertThat(call(queue, "get").join()).isEqualTo("one");
      Thread.sleep(1);
    }
    slow.complete(null);
    awaitReply(queue, "two");
  }

  @Test
  void changeDuringAReload_isTheNextOne() throws Exception {
    CompletableFuture<@Nullable Void> slow = new CompletableFuture<>();
    loading.put("two", slow);
    long queue = load();
    change("two");
    Thread.sleep(300);
    change("three");
    Thread.sleep(300);
    slow.complete(null);
    awaitReply(queue, "three");
    assertThat(status(queue).get("generation").getAsInt()).isEqualTo(3);
  }

  @Test
  void entryThatNeverSettles_givesWayToTheMendedOne() throws Exception {
    loading.put("stuck", new CompletableFuture<>());
    long queue = load(Threading.ANY_THREAD, "{\"load_timeout\": 0}");
    change("stuck");
    Thread.sleep(500);
    assertThat(call(queue, "get").join()).isEqualTo("one");
    change("mended");
    awaitReply(queue, "mended");
    assertThat(log).noneMatch(line -> line.startsWith("ERROR"));
  }

  @Test
  void callThatNeverEnds_isFailedAfterTheDrainTimeout() throws Exception {
    long queue = load(Threading.ANY_THREAD, "{\"drain_timeout\": 0.3, \"timeout\": 0}");
    CompletableFuture<String> old = call(queue, "hold");
    holding.acquire();
    change("two");
    awaitLine("NOTICE [any:m] generation 2 serves, ");
    assertThat(old.join()).contains("not answered within 0.3 s after a reload");
    assertThat(log).anyMatch(line -> line.contains("1 calls were not answered within 0.3 s"));
  }

  @Test
  void allContextsChangeTogether_orNone() throws Exception {
    long queue = load(Threading.ANY_THREAD, "{\"contexts\": 3}");
    change("two");
    awaitReply(queue, "two");
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(call(queue, "hold"));
    }
    holding.acquire(3);
    held.countDown();
    assertThat(calls).allMatch(call -> call.join().equals("two"));
    assertThat(status(queue).get("generation").getAsInt()).isEqualTo(2);
  }

  @Test
  void unloadDuringAReload_endsBoth() throws Exception {
    loading.put("two", new CompletableFuture<>());
    long queue = load(Threading.ANY_THREAD, "{\"load_timeout\": 0}");
    change("two");
    while (!begun.contains("two")) {
      Thread.sleep(2);
    }
    host.unload(queue).join();
    assertThat(disposed).containsExactly("one");
    while (!closed.containsAll(List.of("one", "two"))) {
      Thread.sleep(2);
    }
    change("three");
    Thread.sleep(300);
    assertThat(log).noneMatch(line -> line.contains("serves"));
    assertThat(begun).doesNotContain("three");
  }

  @Test
  void unloadRightAfterAChange_startsNothing() throws Exception {
    long queue = load();
    assertThat(call(queue, "get").join()).isEqualTo("one");
    change("two");
    host.unload(queue).join();
    Thread.sleep(300);
    assertThat(begun.stream().filter("two"::equals).count())
        .as("loads of it that were not given up")
        .isEqualTo(closed.stream().filter("two"::equals).count());
    assertThat(log).noneMatch(line -> line.contains("serves") || line.startsWith("ERROR"));
  }

  /** What the old code requires after a reload has failed takes part, too. */
  @Test
  void fileThatIsReadAfterAFailedReload_isFollowed() throws Exception {
    Path lazy = Files.writeString(folder.resolve("lazy"), "late");
    long queue = load();
    change("broken: line 3");
    awaitLine("ERROR [any:m] reload failed, generation 1 keeps serving: broken: line 3");
    assertThat(call(queue, lazy.toString()).join()).isEqualTo("late");
    while (!status(queue).getAsJsonArray("files").toString().contains("lazy")) {
      Thread.sleep(2);
    }
    Files.writeString(lazy, "later");
    while (log.stream().filter(line -> line.startsWith("ERROR [any:m] reload failed")).count()
        < 2) {
      Thread.sleep(2);
    }
    assertThat(status(queue).getAsJsonObject("reload").getAsJsonArray("changed").toString())
        .isEqualTo("[\"" + lazy + "\"]");
    Thread.sleep(1500);
    assertThat(log).filteredOn(line -> line.startsWith("ERROR")).hasSize(2);
  }

  @Test
  void watchesDoNotGrow_andEndWithTheRuntime() throws Exception {
    long before = watches();
    long queue = load();
    for (int i = 0; i < 100; i++) {
      Path part = Files.createDirectory(folder.resolve("d" + i)).resolve("part");
      Files.writeString(part, "p");
      assertThat(call(queue, part.toString()).join()).isEqualTo("p");
      change("v" + i);
      awaitReply(queue, "v" + i);
    }
    assertThat(watches() - before).isBetween(1L, 4L);
    host.unload(queue).join();
    while (watches() > before) {
      Thread.sleep(2);
    }
  }

  @Test
  void manyReloadsUnderCalls_loseNone() throws Exception {
    long queue = load(Threading.ANY_THREAD, "{\"contexts\": 2}");
    List<CompletableFuture<String>> calls = new CopyOnWriteArrayList<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    calls.add(call(queue, "get"));
                    if (calls.size() % 100 == 0) {
                      calls.getLast().join();
                    }
                  }
                });
    for (int i = 0; i < 50; i++) {
      change("v" + i);
      awaitReply(queue, "v" + i);
    }
    caller.interrupt();
    caller.join();
    assertThat(calls).hasSizeGreaterThan(100);
    assertThat(calls).allMatch(call -> call.join().matches("one|v\\d+"));
    assertThat(log).noneMatch(line -> line.startsWith("ERROR"));
  }
}
