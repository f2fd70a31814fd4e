package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.Runtimes;

/** A host with Python runtimes whose modules are in one folder, and what they logged. */
final class PythonHost implements AutoCloseable {
  static final long SECONDS = 120;

  final List<String> log = new CopyOnWriteArrayList<>();
  final InMemoryHost host = new InMemoryHost((level, text) -> log.add(level + " " + text));
  private final Runtimes runtimes;
  private final Path folder;

  PythonHost(Path folder) {
    this(folder, new PythonLanguage());
  }

  PythonHost(Path folder, GuestLanguage language) {
    this.folder = folder;
    this.runtimes = Runtimes.start(host, List.of(language));
  }

  void write(String file, String source) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, source);
  }

  /** Loads {@code py:} and the rest of a spec, with the folder as nginx's prefix. */
  long load(String rest) throws GuestException {
    return load(rest, new JsonObject());
  }

  long load(String rest, JsonObject options) throws GuestException {
    options.addProperty("prefix", folder.toString());
    long queue = host.newQueue(options.toString());
    runtimes.load("py:" + rest, queue);
    return queue;
  }

  CompletableFuture<Reply> start(long queue, String method, String request) {
    return host.call(queue, method, request.getBytes(UTF_8), null);
  }

  Reply call(long queue, String method, byte @Nullable [] request) throws Exception {
    return host.call(queue, method, request, Duration.ofSeconds(SECONDS))
        .get(SECONDS, TimeUnit.SECONDS);
  }

  /** Calls and returns the reply as text; for a failure {@code "rc: message"}. */
  String call(long queue, String method, String request) throws Exception {
    return text(call(queue, method, request.getBytes(UTF_8)));
  }

  String call(long queue, String method) throws Exception {
    return call(queue, method, "");
  }

  static String text(Reply reply) {
    byte[] bytes = reply.bytes();
    String text = bytes == null ? "nil" : new String(bytes, UTF_8);
    return reply.rc() == 0 ? text : reply.rc() + ": " + text;
  }

  void unload(long queue) throws Exception {
    host.unload(queue).get(SECONDS, TimeUnit.SECONDS);
  }

  void awaitLog(String part) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
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
