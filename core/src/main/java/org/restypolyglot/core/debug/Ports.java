package org.restypolyglot.core.debug;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Listens. */
final class Ports {
  private Ports() {}

  /** As in a URL. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }

  /**
   * @throws IOException if the address cannot be had
   */
  static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true); // connections of an earlier worker's may linger
      socket.bind(address);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** As {@link #listen}, and lets it go. */
  static void check(InetSocketAddress address) throws IOException {
    listen(address).close();
  }
}
