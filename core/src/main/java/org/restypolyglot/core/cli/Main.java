package org.restypolyglot.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.Version;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.host.InMemoryHost.Reply;
import org.restypolyglot.core.runtime.Runtimes;

/**
 * {@code resty-polyglot call SPEC [METHOD]}: runs one request through the core that nginx runs.
 *
 * <p>The request is what standard input holds, the reply goes to standard output, the log to
 * standard error; the exit status is the call's {@code rc}, where that fits into 1 to 125, else 1.
 * A wrong use of the command is 126.
 */
public final class Main {
  private static final int USAGE_STATUS = 126;
  private static final int MAX_RC_STATUS = 125;
  private static final long DISPOSE_WAIT_SECONDS = 2;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  Main(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Ends the process, so that no thread of a guest's keeps it alive. */
  public static void main(String[] args) throws IOException {
    int status = new Main(System.in, System.out, System.err).run(args);
    Runtime.getRuntime().halt(status);
  }

  int run(String... args) throws IOException {
    String command = args.length == 0 ? "" : args[0];
    int status =
        switch (command) {
          case "call" -> args.length == 2 || args.length == 3 ? call(args) : usage(args);
          case "--version" -> print("resty-polyglot " + Version.TEXT);
          case "--help" -> print(help());
          default -> usage(args);
        };
    out.flush();
    err.flush();
    return status;
  }

  private int call(String[] args) throws IOException {
    String method = args.length > 2 ? args[2] : "call";
    InMemoryHost host =
        new InMemoryHost(
            (level, text) ->
                text.lines()
                    .forEach(
                        line ->
                            err.println(
                                "[" + level.name().toLowerCase(Locale.ROOT) + "] " + line)));
    long taskQueue = host.newQueue(options().toString());
    try (Runtimes runtimes = Runtimes.start(host)) {
      runtimes.load(args[1], taskQueue);
      Reply reply = host.call(taskQueue, method, in.readAllBytes(), null).join();
      dispose(host, taskQueue);
      return print(reply);
    } catch (GuestException failure) {
      return status(failure.rc());
    }
  }

  /** Without nginx, modules are looked up in the current folder last. */
  static JsonObject options() {
    JsonObject options = new JsonObject();
    options.addProperty("prefix", Path.of("").toAbsolutePath().toString());
    return options;
  }

  private void dispose(InMemoryHost host, long taskQueue) {
    try {
      host.unload(taskQueue).get(DISPOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      err.println(
          "[warn] dispose takes longer than " + DISPOSE_WAIT_SECONDS + " s; not waited for");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private int print(Reply reply) throws IOException {
    byte[] bytes = reply.bytes();
    if (reply.rc() == 0) {
      if (bytes != null) {
        out.write(bytes);
      }
      return 0;
    }
    err.println("rc " + reply.rc() + (bytes == null ? "" : ": " + new String(bytes, UTF_8)));
    return status(reply.rc());
  }

  private static int status(int rc) {
    return rc > 0 && rc <= MAX_RC_STATUS ? rc : GuestException.RC;
  }

  private int print(String text) {
    out.println(text);
    return 0;
  }

  private int usage(String[] args) {
    err.println("resty-polyglot: bad arguments \"" + String.join(" ", args) + "\"");
    err.println(help());
    return USAGE_STATUS;
  }

  private static String help() {
    return """
    usage: resty-polyglot call SPEC [METHOD]    runs one request: stdin -> stdout, log -> stderr
           resty-polyglot --version | --help

    SPEC is %s, for example js:demo/echo,init; the module is looked up in NODE_PATH,
    PYTHONPATH and the current folder. METHOD is "call" unless given. The exit status is the
    call's rc (1 where that is not within 1 to 125), 126 for bad arguments."""
        .formatted(Spec.SYNTAX);
  }
}
