package org.restypolyglot.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.runtime.Runtimes;

/**
 * The run that the JVM's cache of loaded classes is made from, when {@code dist/} is built: what it
 * loads and calls is there at once in each worker later.
 *
 * <p>{@code java -XX:AOTCacheOutput=FILE … Training SPEC…}: each module has the methods {@link
 * #METHODS}. The log is thrown away; a load that fails ends the run with its error.
 */
final class Training {
  /** In this order, again and again. */
  static final List<String> METHODS = List.of("echo", "json", "bytes", "later", "fail");

  private static final int ROUNDS = 50;
  private static final byte[] REQUEST = "a request".getBytes(UTF_8);

  private Training() {}

  public static void main(String[] specs) throws GuestException {
    InMemoryHost host = new InMemoryHost((level, text) -> {});
    try (Runtimes runtimes = Runtimes.start(host)) {
      for (String spec : specs) {
        long taskQueue = host.newQueue(Main.options());
        runtimes.load(spec, taskQueue);
        for (int round = 0; round < ROUNDS; round++) {
          METHODS.forEach(method -> host.call(taskQueue, method, REQUEST, null).join());
        }
      }
    }
    System.exit(0); // The JVM writes its cache now, whatever threads a guest has.
  }
}
