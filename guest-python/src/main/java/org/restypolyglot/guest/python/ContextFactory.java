package org.restypolyglot.guest.python;

import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.io.IOAccess;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.polyglot.EngineLog;
import org.restypolyglot.core.polyglot.JavaPermissions;
import org.restypolyglot.core.polyglot.LineStream;
import org.restypolyglot.core.polyglot.OpenClasses;

/**
 * Makes contexts with what a guest may do: files, network, environment and threads as any Python
 * program, but no other language, and no Java but what it has a permission for; and no processes,
 * for the reason that {@code processes.py} gives. Native access is on for the standard library's
 * own extension modules; {@code gate.py} keeps guests from {@code ctypes}.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: what the engine throws.
 */
final class ContextFactory {
  /**
   * The Java backend of {@code posix} gives each context its own descriptors and current folder,
   * obeys the streams below, and is what GraalPy recommends to embedders; it has no Unix sockets.
   * Java exceptions that escape from GraalPy itself become SystemError, so that they fail one call
   * and not the event loop. With native access, bz2 works with the native backend only. About
   * isolated modules see CApi.
   */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("python.PosixModuleBackend", "java"),
          Map.entry("python.DontWriteBytecodeFlag", "true"),
          Map.entry("python.ForceImportSite", "false"),
          Map.entry("python.NoUserSiteFlag", "true"),
          Map.entry("python.InstallSignalHandlers", "false"),
          Map.entry("python.UnbufferedIO", "true"),
          Map.entry("python.StandardStreamEncoding", "utf-8:backslashreplace"),
          Map.entry("python.WarnExperimentalFeatures", "false"),
          Map.entry("python.CatchAllExceptions", "true"),
          Map.entry("python.CompressionModulesBackend", "native"),
          Map.entry("python.IsolateNativeModules", "true"));

  private ContextFactory() {}

  static Context newContext(
      GuestLog log, JavaPermissions permissions, RequestStream in, LineStream out, LineStream err) {
    SharedEngine.LOG.use(log);
    EngineLog contextLog = new EngineLog();
    contextLog.use(log);
    Context.Builder builder =
        Context.newBuilder(PythonLanguage.ID)
            .engine(SharedEngine.get())
            .allowExperimentalOptions(true)
            .options(OPTIONS)
            .allowHostAccess(OpenClasses.HOST_ACCESS)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowIO(files())
            .allowEnvironmentAccess(EnvironmentAccess.INHERIT)
            .allowCreateThread(true)
            .allowCreateProcess(false)
            .allowNativeAccess(true)
            .logHandler(contextLog)
            .in(in)
            .out(out)
            .err(err);
    if (!permissions.isEmpty()) {
      builder.allowHostClassLookup(permissions::permits);
    }
    return builder.build();
  }

  private static IOAccess files() {
    return IOAccess.newBuilder().allowHostSocketAccess(true).fileSystem(new PythonFiles()).build();
  }
}
