package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/**
 * Our own JavaScript, which runs inside each context: small modules that {@code require} one
 * another, read from this class's resources and parsed once per engine.
 *
 * <p>The sources are marked as internal, so that no stack trace of the user's shows them.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: a missing resource or an error in one is a
 * fault of ours, and throws.
 */
final class Glue {
  private static final String PREFIX = "(function (exports, require, module, host) {";

  /** Node's own modules get what they get in Node. */
  private static final String NODE_PREFIX =
      "(function (exports, require, module, process, internalBinding, primordials, privateSymbols, "
          + "perIsolateSymbols) {";

  private static final String NODE_FOLDER = "node/";
  private static final String SUFFIX = "\n})";

  private static final Map<String, Source> SOURCES = new ConcurrentHashMap<>();

  /** The one resource that is an expression: a function of {@code (host, compile)}. */
  private static final String BOOTSTRAP = "bootstrap";

  private Glue() {}

  /**
   * Runs {@code main.js} in a new context.
   *
   * @param host what it may use, by name
   * @return its exports
   */
  static Value start(Context context, ProxyObject host) {
    ProxyExecutable compile =
        arguments -> {
          String name = arguments[0].asString();
          String prefix = name.startsWith(NODE_FOLDER) ? NODE_PREFIX : PREFIX;
          return context.eval(source(name, prefix, SUFFIX));
        };
    return context.eval(source(BOOTSTRAP, "", "")).execute(host, compile);
  }

  private static Source source(String name, String prefix, String suffix) {
    return SOURCES.computeIfAbsent(
        name,
        key -> {
          String file = "resty-polyglot:" + key + ".js";
          return Source.newBuilder(JsLanguage.ID, prefix + text(key) + suffix, file)
              .internal(true)
              .buildLiteral();
        });
  }

  private static String text(String name) {
    try (InputStream stream = Glue.class.getResourceAsStream(name + ".js")) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + name + ".js");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
