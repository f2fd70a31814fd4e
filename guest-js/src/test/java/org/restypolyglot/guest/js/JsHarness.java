package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.Runtimes;

/** Modules in a folder, runtimes that load them, and their log. */
final class JsHarness implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  final List<String> log = new CopyOnWriteArrayList<>();
  final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  final Path folder;
  private final Runtimes runtimes;

  JsHarness(Path folder) {
    this.folder = folder;
    this.runtimes = Runtimes.start(host, List.of(new JsLanguage()));
  }

  /** Writes a file beneath the folder. */
  JsHarness write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    return this;
  }

  /** Loads a spec without its {@code js:}; the queue. */
  long load(String spec, String... javaPermissions) throws GuestException {
    JsonObject options = new JsonObject();
    options.addProperty("path", folder.toString());
    JsonArray java = new JsonArray();
    List.of(javaPermissions).forEach(java::add);
    JsonObject permissions = new JsonObject();
    permissions.add("java", java);
    options.add("permissions", permissions);
    long queue = host.newQueue(options.toString());
    runtimes.load("js:" + spec, queue);
    return queue;
  }

  /** Loads a module of this text, entry {@code init}. */
  long loadText(String text, String... javaPermissions) throws Exception {
    return write("main.js", text).load("main?,init", javaPermissions);
  }

  /** Loads a module with one handler, whose body this is. */
  long handler(String body) throws Exception {
    return loadText("exports.init = () => async (req, task) => {\n" + body + "\n};");
  }

  CompletableFuture<Reply> start(long queue, String method, @Nullable String request) {
    return host.call(queue, method, request == null ? null : request.getBytes(UTF_8), null);
  }

  Reply call(long queue, String method, @Nullable String request) throws Exception {
    return start(queue, method, request).get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** The reply to {@code call} as text; a failure as {@code "rc: message"}. */
  String text(long queue, String method, @Nullable String request) throws Exception {
    return text(call(queue, method, request));
  }

  /** What a handler with this body answers. */
  String run(String body) throws Exception {
    long queue = handler(body);
    try {
      return text(queue, "run", "x");
    } finally {
      unload(queue);
    }
  }

  static String text(Reply reply) {
    String text = reply.bytes() == null ? "(nil)" : new String(reply.bytes(), UTF_8);
    return reply.rc() == 0 ? text : reply.rc() + ": " + text;
  }

  void unload(long queue) throws Exception {
    host.unload(queue).get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  void awaitLog(String part) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(LIMIT_SECONDS).toNanos();
    while (log.stream().noneMatch(entry -> entry.contains(part))) {
      assertThat(System.nanoTime()).as("waiting for \"%s\" in %s", part, log).isLessThan(limit);
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    runtimes.close();
  }
}
