package org.restypolyglot.t.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server on a free port of 127.0.0.1 that takes connections, reads, and never says a word.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: its connections, and a virtual thread for each.
 * <b>Failure</b>: what ends a connection is the client's business and is only counted.
 */
public final class SilentServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  public SilentServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("silent-server").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections the other side has not closed. */
  public int open() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> readToTheEnd(connection));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void readToTheEnd(Socket connection) {
    try (connection;
        InputStream in = connection.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // Reset by the client: an end as any other.
    } finally {
      connections.remove(connection);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
