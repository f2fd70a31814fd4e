package org.restypolyglot.guest.js;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;

/**
 * Where a context gets its sockets.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the loop, which closes what is open at the
 * end. <b>Failure</b>: none.
 */
public final class HostSockets {
  private final HostLoop loop;

  HostSockets(HostLoop loop) {
    this.loop = loop;
  }

  /** A socket that is not connected; {@code readable} is called when there is something to take. */
  @Export
  public SocketHandle open(Value readable) {
    return new SocketHandle(loop, readable);
  }

  /**
   * Connects two sockets with one another, for what has to look like a socket and is none: a
   * connection of the machine with itself.
   */
  @Export
  public void join(SocketHandle one, SocketHandle other) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      SocketChannel far = server.accept();
      while (!near.getLocalAddress().equals(far.getRemoteAddress())) {
        far.close(); // a stranger
        far = server.accept();
      }
      one.attach(near);
      other.attach(far);
    }
  }
}
