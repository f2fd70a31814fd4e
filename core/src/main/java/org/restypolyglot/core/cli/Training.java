package org.restypolyglot.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.Runtimes;

/**
 * The run that the JVM's cache is made from, when {@code dist/} is built: the classes that it loads
 * are there at once in each worker later, and the JVM knows which of its methods to compile how.
 *
 * <p>{@code java -XX:AOTCacheOutput=FILE … Training SPEC…}: each module has the methods {@link
 * #METHODS}, of which {@code fail} fails; all modules run at the same time. The log is thrown away;
 * a load that fails ends the run with its error, and so does a call.
 */
final class Training {
  private static final String FAIL = "fail";

  /** In this order, again and again. */
  static final List<String> METHODS =
      List.of("echo", "json", "bytes", "later", FAIL, "library", "busy");

  private static final int ROUNDS = 6;

  /** The JVM of this run compiles little, and the machine that builds may be busy. */
  private static final int LOAD_TIMEOUT_SECONDS = 900;

  private static final byte[] REQUEST = "a request".getBytes(UTF_8);

  private Training() {}

  public static void main(String[] specs) throws InterruptedException, ExecutionException {
    InMemoryHost host = new InMemoryHost((level, text) -> {});
    try (Runtimes runtimes = Runtimes.start(host);
        ExecutorService all = Executors.newCachedThreadPool()) {
      List<Future<Void>> runs =
          Stream.of(specs).map(spec -> all.submit(() -> run(runtimes, host, spec))).toList();
      for (Future<Void> run : runs) {
        run.get();
      }
    }
    System.exit(0); // The JVM writes its cache now, whatever threads a guest has.
  }

  private static Void run(Runtimes runtimes, InMemoryHost host, String spec) throws GuestException {
    JsonObject options = Main.options();
    options.addProperty("load_timeout", LOAD_TIMEOUT_SECONDS);
    long taskQueue = host.newQueue(options.toString());
    runtimes.load(spec, taskQueue);
    for (int round = 0; round < ROUNDS; round++) {
      for (String method : METHODS) {
        Reply reply = host.call(taskQueue, method, REQUEST, null).join();
        if (reply.rc() != 0 && !method.equals(FAIL)) {
          byte[] text = reply.bytes();
          throw new GuestException(
              spec + ", " + method + ": " + (text == null ? "" : new String(text, UTF_8)));
        }
      }
    }
    return null;
  }
}
