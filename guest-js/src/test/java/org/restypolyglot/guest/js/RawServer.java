package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that sends each client the same bytes, after it has sent the first of its own.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: its sockets and a thread for each, until {@link #close}.
 */
final class RawServer implements AutoCloseable {
  /** An empty SETTINGS, without which no session begins. */
  static final String SETTINGS = frame(4, 0, 0, "");

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * @param pieces what to send, in hex; each in a packet of its own
   */
  RawServer(String... pieces) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(() -> accept(pieces));
  }

  /** A frame in hex. */
  static String frame(int type, int flags, int id, String payload) {
    return "%06x%02x%02x%08x%s".formatted(payload.length() / 2, type, flags, id, payload);
  }

  static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void accept(String... pieces) {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().start(() -> serve(socket, pieces));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private static void serve(Socket socket, String... pieces) {
    try (socket) {
      socket.setTcpNoDelay(true);
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      byte[] some = new byte[1 << 16];
      read.write(some, 0, Math.max(socket.getInputStream().read(some), 0));
      OutputStream out = socket.getOutputStream();
      for (String piece : pieces) {
        out.write(HexFormat.of().parseHex(piece));
        out.flush();
        Thread.sleep(5); // so that they stay apart
      }
      while (socket.getInputStream().read(some) >= 0) {
        // until the client closes
      }
    } catch (IOException gone) {
      // the client has closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
