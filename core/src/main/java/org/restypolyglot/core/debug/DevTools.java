package org.restypolyglot.core.debug;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.oracle.truffle.tools.chromeinspector.InspectorExecutionContext;
import com.oracle.truffle.tools.chromeinspector.instrument.Token;
import com.oracle.truffle.tools.chromeinspector.server.ConnectionWatcher;
import com.oracle.truffle.tools.chromeinspector.server.InspectServerSession;
import com.oracle.truffle.tools.chromeinspector.server.InspectorServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.polyglot.LineStream;

/**
 * The DevTools protocol at one address: GraalVM's inspector, with a target for each engine.
 *
 * <p><b>Threads</b>: one, that of {@link Debugging}; GraalVM's server has its own. <b>Owns</b>: the
 * port, from the first engine until {@link #close}. <b>Failure</b>: {@link #add} throws where the
 * port is taken.
 */
final class DevTools implements DebugServer {
  /** Nobody who does not know it can debug, not even a web page that knows the port. */
  private static final int SECRET_BYTES = 16;

  private static final int PROBES = 500;
  private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final InetSocketAddress address;
  private final GuestLog log;
  private final PrintWriter lines;
  private final List<Target> targets = new ArrayList<>();

  private record Target(InspectorServer server, Token token) {}

  DevTools(InetSocketAddress address, GuestLog log) {
    this.address = address;
    this.log = log;
    this.lines = new PrintWriter(new LineStream(log, LogLevel.INFO), true, UTF_8);
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void add(String language, EngineAccess engine) throws IOException {
    if (targets.isEmpty()) {
      Ports.check(address); // GraalVM's server tells nobody that it cannot listen
    }
    String path = "/" + HexFormat.of().formatHex(new SecureRandom().generateSeed(SECRET_BYTES));
    InspectorExecutionContext context =
        new InspectorExecutionContext(
            language, false, false, engine.env(), List.of(), lines, lines, null);
    ConnectionWatcher watcher = new ConnectionWatcher();
    InspectServerSession session = InspectServerSession.create(context, false, watcher, () -> {});
    Token token = Token.createHashedTokenFromString(path);
    InspectorServer server =
        InspectorServer.get(address, token, path, context, false, watcher, session);
    targets.add(new Target(server, token));
    awaitListening();
    log.log(
        LogLevel.NOTICE,
        "debugger of %s: devtools://devtools/bundled/js_app.html?ws=%s%s"
            .formatted(language, Ports.text(address), path));
  }

  /** It begins on a thread of its own, and says nothing. */
  private void awaitListening() throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        new Socket(address.getAddress(), address.getPort()).close();
        return;
      } catch (ConnectException notYet) {
        if (tries == PROBES) {
          close();
          throw notYet;
        }
        LockSupport.parkNanos(PROBE_NANOS);
      }
    }
  }

  /** Whoever is connected is cut off, and what stands at a breakpoint goes on. */
  @Override
  public void close() {
    for (Target target : targets) {
      try {
        target.server().close(target.token());
      } catch (IOException failure) {
        log.warn("cannot close the debugger's port: " + failure);
      }
    }
    targets.clear();
  }
}
