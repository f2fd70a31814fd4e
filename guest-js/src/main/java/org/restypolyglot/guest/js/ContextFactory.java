package org.restypolyglot.guest.js;

import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.io.IOAccess;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.polyglot.EngineLog;
import org.restypolyglot.core.polyglot.JavaPermissions;
import org.restypolyglot.core.polyglot.LineStream;

/**
 * Makes contexts with what a guest may do, and no more: no files of the engine's, no threads, no
 * native code, no other language, and no Java but our exported methods and what it has a permission
 * for.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: what the engine throws.
 */
final class ContextFactory {
  /** All contexts of an engine share their code, so all have the same options. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("js.text-encoding", "true"),
          Map.entry("js.performance", "true"),
          Map.entry("js.timer-resolution", "1000"), // nanoseconds
          Map.entry("js.stack-trace-api", "true"),
          Map.entry("js.unhandled-rejections", "handler"),
          Map.entry("js.console", "false"),
          Map.entry("js.print", "false"),
          Map.entry("js.load", "false"),
          Map.entry("js.polyglot-builtin", "false"),
          Map.entry("js.java-package-globals", "false"),
          Map.entry("js.global-arguments", "false"));

  private ContextFactory() {}

  static Context newContext(GuestLog log, JavaPermissions permissions) {
    SharedEngine shared =
        permissions.isEmpty() ? SharedEngine.withoutJava() : SharedEngine.withJava();
    shared.log().use(log);
    EngineLog contextLog = new EngineLog();
    contextLog.use(log);
    Context.Builder builder =
        Context.newBuilder(JsLanguage.ID)
            .engine(shared.engine())
            .allowExperimentalOptions(true)
            .options(OPTIONS)
            .allowHostAccess(shared.hostAccess())
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowIO(IOAccess.newBuilder().fileSystem(new NoFiles()).build())
            .logHandler(contextLog)
            .out(new LineStream(log, LogLevel.INFO))
            .err(new LineStream(log, LogLevel.WARN));
    if (!permissions.isEmpty()) {
      builder.allowHostClassLookup(permissions::permits);
    }
    return builder.build();
  }
}
