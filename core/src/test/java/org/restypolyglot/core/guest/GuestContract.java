package org.restypolyglot.core.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.Runtimes;

/**
 * What every guest has to do, whatever its language: each language's tests have a subclass, which
 * says how the modules look that these tests call.
 *
 * <p>{@link #handlers} is loaded once for all tests; the others are small modules of their own.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class GuestContract {

  /** A module's source, and what it does in the tests. */
  protected enum Module {
    /**
     * Its entry {@code answer} makes one handler for all methods, which answers the method's name.
     */
    ANSWERS_METHOD,
    /** Its entry {@code init} throws {@code "entry failed"} with {@code rc} 9. */
    ENTRY_THROWS,
    /** Its entry {@code init} is asynchronous and fails with {@code "entry failed later"}. */
    ENTRY_FAILS_LATER,
    /** Its entry {@code init} is asynchronous and makes an echo for every method. */
    ENTRY_LATER,
    /** Does not parse in its third line. */
    SYNTAX_ERROR,
    /** Imports a module that is not there, {@code not_there}. */
    IMPORTS_MISSING,
    /** Answers every method with the text that module {@code part} holds; see {@link #part}. */
    USES_PART,
    /** An echo whose {@code dispose} waits for a moment and then logs {@code "disposed"}. */
    DISPOSES,
    /** Answers every method with its config, or {@code "none"} where there is none. */
    CONFIG,
  }

  private final GuestLanguage language;
  private final String extension;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));

  private Path folder;
  private Runtimes runtimes;
  private long handlers;
  private int modules;

  /**
   * For subclasses.
   *
   * @param extension of a source file, for example {@code ".js"}
   */
  protected GuestContract(GuestLanguage language, String extension) {
    this.language = language;
    this.extension = extension;
  }

  /**
   * A module whose {@code init} makes these handlers:
   *
   * <ul>
   *   <li>{@code echo}: the request's bytes; nil for nil
   *   <li>{@code nil}, {@code empty}, {@code text}: nil, an empty string, {@code "ünï ✓ 🙂"}
   *   <li>{@code all_bytes}: the 256 bytes from 0 to 255
   *   <li>{@code size}: how many bytes the request has, as decimal text
   *   <li>{@code fail}: throws {@code "boom"} with {@code rc} 7, from a function {@code thrower}
   *   <li>{@code fail_plain}: throws {@code "plain"} without {@code rc}
   *   <li>{@code wrong_type}: answers a number
   *   <li>{@code later}: asynchronous; waits for 20 ms, then echoes
   *   <li>{@code fail_later}: asynchronous; waits for a moment, then throws {@code "late"}, rc 8
   *   <li>{@code never}: asynchronous; waits until it is cancelled, then logs {@code "cancelled"}
   *   <li>{@code log}: writes {@code "a debug line"}, {@code "an info line"}, {@code "a warn
   *       line"}, {@code "an error line"} at these levels; answers nil
   *   <li>{@code count}: 1 at the first call, then 2, …, as decimal text
   *   <li>{@code recurse}: recurses without an end
   *   <li>{@code spin}: loops without an end
   *   <li>{@code spin_later}: asynchronous; waits for a moment, then loops without an end
   *   <li>{@code stubborn}: loops without an end, and catches all that it can in the loop
   *   <li>{@code sleep}: blocks its thread for an hour
   * </ul>
   */
  protected abstract String handlers();

  /** The source of a module. */
  protected abstract String source(Module module);

  /** The module that {@link Module#USES_PART} imports, holding {@code text}. */
  protected abstract String part(String text);

  /** What the failure of a call to the missing method {@code name} has to contain. */
  protected String missingMethodText(String name) {
    return name;
  }

  @BeforeAll
  final void loadHandlers(@TempDir Path folder) throws Exception {
    this.folder = folder;
    runtimes = Runtimes.start(host, List.of(language));
    write("handlers", handlers());
    handlers = load("handlers,init");
  }

  @AfterAll
  final void stop() throws Exception {
    host.unload(handlers).get(60, TimeUnit.SECONDS);
    runtimes.close();
  }

  @BeforeEach
  final void clearLog() {
    log.clear();
  }

  private void write(String name, String source) throws IOException {
    Files.writeString(folder.resolve(name + extension), source);
  }

  /** Writes a module under a new name and returns that. */
  private String write(Module module) throws IOException {
    String name = "m" + ++modules;
    write(name, source(module));
    return name;
  }

  /** Loads a spec that is given without its language. */
  private long load(String rest) throws GuestException {
    JsonArray path = new JsonArray();
    path.add(folder.toString());
    JsonObject options = new JsonObject();
    options.add("path", path);
    long queue = host.newQueue(options.toString());
    runtimes.load(language.prefix() + ":" + rest, queue);
    return queue;
  }

  private void unload(long queue) throws Exception {
    host.unload(queue).get(60, TimeUnit.SECONDS);
  }

  private Reply call(String method, byte[] request) throws Exception {
    return call(handlers, method, request);
  }

  private Reply call(long queue, String method, byte[] request) throws Exception {
    return host.call(queue, method, request, null).get(60, TimeUnit.SECONDS);
  }

  private String text(long queue, String method) throws Exception {
    return text(call(queue, method, "x".getBytes(UTF_8)));
  }

  private static String text(Reply reply) {
    return reply.bytes() == null ? "(nil)" : new String(reply.bytes(), UTF_8);
  }

  private static void assertFailed(Reply reply, int rc, String message) {
    assertThat(text(reply)).isEqualTo(message);
    assertThat(reply.rc()).isEqualTo(rc);
  }

  private static byte[] allBytes() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return all;
  }

  private void awaitLog(String line) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (log.stream().noneMatch(entry -> entry.contains(line))) {
      assertThat(System.nanoTime()).as("waiting for \"%s\" in %s", line, log).isLessThan(limit);
      Thread.sleep(5);
    }
  }

  @Test
  void echo_text_empty_nil() throws Exception {
    assertThat(text(call("echo", "hello".getBytes(UTF_8)))).isEqualTo("hello");
    assertThat(call("echo", new byte[0]).bytes()).isEmpty();
    assertThat(call("echo", null)).isEqualTo(new Reply(0, null));
  }

  @Test
  void echo_allBytes_andInvalidUtf8() throws Exception {
    assertThat(call("echo", allBytes()).bytes()).isEqualTo(allBytes());
    byte[] invalid = {(byte) 0xC3, 0x28, (byte) 0xFF, 0, (byte) 0xED, (byte) 0xA0, (byte) 0x80};
    assertThat(call("echo", invalid).bytes()).isEqualTo(invalid);
  }

  @Test
  void echo_tenMegabytes() throws Exception {
    byte[] large = new byte[10_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 3);
    }
    assertThat(call("echo", large).bytes()).isEqualTo(large);
    assertThat(text(call("size", large))).isEqualTo("10000000");
  }

  @Test
  void results_nil_empty_text_bytes() throws Exception {
    assertThat(call("nil", null)).isEqualTo(new Reply(0, null));
    assertThat(call("empty", null).bytes()).isEmpty();
    assertThat(text(call("text", null))).isEqualTo("ünï ✓ 🙂");
    assertThat(call("all_bytes", null).bytes()).isEqualTo(allBytes());
  }

  @Test
  void result_ofAWrongType_isAnErrorThatNamesIt() throws Exception {
    Reply reply = call("wrong_type", null);
    assertThat(reply.rc()).isEqualTo(GuestException.RC);
    assertThat(text(reply)).containsAnyOf("number", "int");
  }

  @Test
  void throwing_isRcAndMessage_withTheStackInTheLog() throws Exception {
    assertFailed(call("fail", null), 7, "boom");
    awaitLog("thrower");
    assertThat(log).anyMatch(entry -> entry.startsWith("ERROR [" + language.prefix() + ":"));
    assertThat(log).anyMatch(entry -> entry.contains("handlers" + extension));
    assertThat(log).noneMatch(entry -> entry.contains("org.restypolyglot"));
    assertFailed(call("fail_plain", null), GuestException.RC, "plain");
  }

  @Test
  void asynchronousHandlers_answerLater_andOverlap() throws Exception {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(host.call(handlers, "later", ("n" + i).getBytes(UTF_8), null));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(text(calls.get(i).get(60, TimeUnit.SECONDS))).isEqualTo("n" + i);
    }
    assertFailed(call("fail_later", null), 8, "late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not_there", "constructor", "toString", "__class__", "__init__", ""})
  void missingMethod_isAnErrorWithItsName(String name) throws Exception {
    Reply reply = call(name, null);
    assertThat(reply.rc()).isEqualTo(1);
    assertThat(text(reply)).contains(missingMethodText(name));
  }

  @Test
  void cancelled_handlerLearnsOfIt_andTheTaskIsAnswered() throws Exception {
    CompletableFuture<Reply> call = host.call(handlers, "never", null, Duration.ofSeconds(60));
    assertThat(text(call("echo", "x".getBytes(UTF_8)))).isEqualTo("x"); // `never` has begun
    host.cancel(call, CancelReason.TIMEOUT);
    call.get(60, TimeUnit.SECONDS);
    awaitLog("cancelled");
  }

  @Test
  void logging_hasLevelsAndTheRuntimesName() throws Exception {
    call("log", null);
    String name = " [" + language.prefix() + ":handlers] ";
    awaitLog("ERROR" + name + "an error line");
    awaitLog("WARN" + name + "a warn line");
    awaitLog("INFO" + name + "an info line");
    awaitLog("DEBUG" + name + "a debug line");
  }

  @Test
  void endlessRecursion_failsThatCallAlone() throws Exception {
    assertThat(call("recurse", null).rc()).isNotZero();
    assertThat(text(call("echo", "still here".getBytes(UTF_8)))).isEqualTo("still here");
  }

  /** Cancels as the host does it when the call's time-out has passed. */
  private Reply timeOut(long queue, String method) throws Exception {
    CompletableFuture<Reply> call = host.call(queue, method, null, Duration.ofMillis(500));
    while (!call.isDone()) {
      Thread.sleep(600);
      host.cancel(call, CancelReason.TIMEOUT);
    }
    return call.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spin", "sleep"})
  void endlessHandler_isInterrupted_andTheContextGoesOn(String method) throws Exception {
    long queue = load("handlers,init");
    assertThat(text(queue, "count")).isEqualTo("1");
    assertThat(timeOut(queue, method).rc()).isNotZero();
    assertThat(text(queue, "count")).isEqualTo("2");
    assertThat(text(queue, "later")).isEqualTo("x");
    unload(queue);
  }

  @Test
  void endlessLoopAfterAnAwait_isBrokenOff() throws Exception {
    long queue = load("handlers,init");
    assertThat(text(queue, "later")).isEqualTo("x");
    CompletableFuture<Reply> waiting = host.call(queue, "never", null, Duration.ofSeconds(60));
    timeOut(queue, "spin_later");
    assertThat(text(queue, "later")).isEqualTo("x");
    host.cancel(waiting, CancelReason.CLIENT_GONE);
    waiting.get(60, TimeUnit.SECONDS);
    unload(queue);
    assertThat(log).noneMatch(line -> line.contains("dispose takes longer"));
  }

  @Test
  void handlerThatCatchesEverything_isBrokenOff_andTheRuntimeServes() throws Exception {
    long queue = load("handlers,init");
    CompletableFuture<Reply> stubborn = host.call(queue, "stubborn", null, Duration.ofMillis(500));
    CompletableFuture<Reply> waiting = host.call(queue, "echo", "w".getBytes(UTF_8), null);
    Thread.sleep(600);
    host.cancel(stubborn, CancelReason.TIMEOUT);
    assertThat(stubborn.get(60, TimeUnit.SECONDS).rc()).isNotZero();
    assertThat(text(waiting.get(60, TimeUnit.SECONDS))).isEqualTo("w");
    assertThat(text(queue, "later")).isEqualTo("x");
    unload(queue);
  }

  @Test
  void oneHandler_answersEveryMethod_andSeesItsName() throws Exception {
    long queue = load(write(Module.ANSWERS_METHOD) + ",answer");
    assertThat(text(queue, "anything")).isEqualTo("anything");
    assertThat(text(queue, "toString")).isEqualTo("toString");
    unload(queue);
  }

  @Test
  void asynchronousEntry_isWaitedFor() throws Exception {
    long queue = load(write(Module.ENTRY_LATER) + ",init");
    assertThat(text(queue, "m")).isEqualTo("x");
    unload(queue);
  }

  @Test
  void config_reachesTheEntry() throws Exception {
    String module = write(Module.CONFIG);
    long with = load(module + ",init,{\"a\":1,\"b\":[2]}");
    assertThat(text(with, "m")).isEqualTo("{\"a\":1,\"b\":[2]}");
    unload(with);
    long without = load(module + ",init");
    assertThat(text(without, "m")).isEqualTo("none");
    unload(without);
  }

  @Test
  void load_missingModule_saysWhereItLooked() {
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load("folder/not_there,init"))
        .withMessageContaining("folder/not_there")
        .withMessageContaining(folder.toString());
  }

  @Test
  void load_missingEntry_namesIt() throws Exception {
    String module = write(Module.ANSWERS_METHOD);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(module + ",no_such_entry"))
        .withMessageContaining("no_such_entry")
        .withMessageContaining(module);
  }

  @Test
  void load_syntaxError_namesFileAndLine() throws Exception {
    String module = write(Module.SYNTAX_ERROR);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(module + ",init"))
        .withMessageContaining(module + extension)
        .satisfies(
            e -> assertThat(e.text().replace(folder.toString(), "")).containsPattern("\\b3\\b"));
    assertThat(log).anyMatch(entry -> entry.startsWith("ERROR ") && entry.contains(module));
  }

  @Test
  void load_missingImport_namesIt() throws Exception {
    String module = write(Module.IMPORTS_MISSING);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(module + ",init"))
        .withMessageContaining("not_there");
  }

  @Test
  void load_entryFails_isRcAndMessage() throws Exception {
    String throwing = write(Module.ENTRY_THROWS);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(throwing + ",init"))
        .withMessage("entry failed")
        .satisfies(e -> assertThat(e.rc()).isEqualTo(9));
    String later = write(Module.ENTRY_FAILS_LATER);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> load(later + ",init"))
        .withMessage("entry failed later");
  }

  @Test
  void loadAgain_withQuestionMark_isFresh_without_reusesTheSource() throws Exception {
    write("part", part("one"));
    String module = write(Module.USES_PART);
    loadAndExpect(module + ",init", "one");
    loadAndExpect(module + "?,init", "one");
    write("part", part("two"));
    loadAndExpect(module + ",init", "one");
    loadAndExpect(module + "?,init", "two");
  }

  @Test
  void change_withQuestionMark_startsTheNextGeneration() throws Exception {
    write("part", part("one"));
    String module = write(Module.USES_PART);
    long queue = load(module + "?,init");
    for (String answer : List.of("two", "three")) {
      write("part", part(answer));
      long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!text(queue, "m").equals(answer)) {
        assertThat(System.nanoTime()).as("\"%s\"; log: %s", answer, log).isLessThan(limit);
        Thread.sleep(5);
      }
    }
    write(module, source(Module.SYNTAX_ERROR));
    awaitLog("reload failed, generation 3 keeps serving: ");
    assertThat(text(queue, "m")).isEqualTo("three");
    unload(queue);
  }

  private void loadAndExpect(String rest, String answer) throws Exception {
    long queue = load(rest);
    assertThat(text(queue, "m")).isEqualTo(answer);
    unload(queue);
  }

  @Test
  void runtimes_shareNothing_andLoadAfresh() throws Exception {
    long first = load("handlers,init");
    assertThat(text(first, "count") + text(first, "count")).isEqualTo("12");
    long second = load("handlers,init");
    assertThat(text(second, "count")).isEqualTo("1");
    assertThat(text(first, "count")).isEqualTo("3");
    unload(first);
    unload(second);
  }

  @Test
  void unload_answersFirst_thenRunsDispose() throws Exception {
    long queue = load(write(Module.DISPOSES) + ",init");
    CompletableFuture<Reply> call = host.call(queue, "m", "x".getBytes(UTF_8), null);
    unload(queue);
    assertThat(text(call.get(60, TimeUnit.SECONDS))).isEqualTo("x");
    awaitLog("disposed");
  }
}
