package org.restypolyglot.core.debug;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;

/**
 * The Debug Adapter Protocol at one address, for all engines at once.
 *
 * <p><b>Threads</b>: {@link Debugging}'s; one that accepts, and one for each client. <b>Owns</b>:
 * the port, from the first engine until {@link #close}, and the clients' sessions. <b>Failure</b>:
 * {@link #add} throws where the port is taken; what a client does wrong costs its own session.
 */
final class DapServer implements DebugServer {
  private final InetSocketAddress address;
  private final GuestLog log;
  private final Map<String, EngineAccess> engines = new ConcurrentHashMap<>();
  private final Set<DapSession> sessions = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket socket;

  DapServer(InetSocketAddress address, GuestLog log) {
    this.address = address;
    this.log = log;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void add(String language, EngineAccess engine) throws IOException {
    List<DapSession> connected;
    synchronized (this) {
      if (socket == null) {
        ServerSocket fresh = Ports.listen(address);
        socket = fresh;
        Thread.ofPlatform().daemon().name("resty-dap").start(() -> accept(fresh));
        log.log(LogLevel.NOTICE, "debug adapter: " + Ports.text(address));
      }
      engines.put(language, engine);
      connected = List.copyOf(sessions);
    }
    connected.forEach(session -> session.add(engine)); // may wait for a guest
  }

  private void accept(ServerSocket from) {
    while (true) {
      try {
        Socket client = from.accept();
        Thread.ofPlatform().daemon().name("resty-dap-client").start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        DapConnection connection = new DapConnection(client);
        DapSession session = new DapSession(connection)) {
      List<EngineAccess> known;
      synchronized (this) {
        if (socket == null || socket.isClosed()) {
          return;
        }
        sessions.add(session);
        known = List.copyOf(engines.values());
      }
      try {
        known.forEach(session::add);
        session.run();
      } finally {
        sessions.remove(session);
      }
    } catch (IOException gone) {
      log.info("debug adapter: the client has gone: " + gone.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException failure) {
      log.warn("cannot close the debug adapter's port: " + failure);
    }
    sessions.forEach(DapSession::close);
  }
}
