package org.restypolyglot.guest.js;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
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
   * Connects two sockets with one another, for what has to look like a socket and is none. It is
   * done over a socket in the file system, which is gone when this returns.
   */
  @Export
  public void join(SocketHandle one, SocketHandle other) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(null);
      SocketAddress address = server.getLocalAddress();
      try {
        one.attach(SocketChannel.open(address));
        other.attach(server.accept());
      } finally {
        Files.deleteIfExists(((UnixDomainSocketAddress) address).getPath());
      }
    }
  }
}
