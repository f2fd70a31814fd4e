package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server for one kind of connection; each has a thread. */
final class SessionServer implements AutoCloseable {
  /** What is done with a connection; it is closed afterwards. */
  @FunctionalInterface
  interface Session {
    void run(Connection connection) throws Exception;
  }

  /** The server's side. */
  record Connection(Socket socket, InputStream in, OutputStream out) {
    void write(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    }

    /** What comes until {@code end} has come, or until there is no more. */
    String readTo(String end) throws IOException {
      StringBuilder text = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        text.append((char) next);
        if (text.toString().endsWith(end)) {
          break;
        }
      }
      return text.toString();
    }
  }

  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;

  private SessionServer(ServerSocket socket, Session session) {
    this.socket = socket;
    Thread.ofVirtual().start(() -> accept(session));
  }

  static SessionServer start(Session session) throws IOException {
    return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), session);
  }

  static SessionServer start(ServerSocket socket, Session session) {
    return new SessionServer(socket, session);
  }

  private void accept(Session session) {
    try {
      while (true) {
        Socket connection = socket.accept();
        Thread.ofPlatform().daemon().start(() -> serve(connection, session));
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void serve(Socket connection, Session session) {
    try (connection) {
      session.run(
          new Connection(connection, connection.getInputStream(), connection.getOutputStream()));
    } catch (Exception failure) {
      failures.add(failure);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
