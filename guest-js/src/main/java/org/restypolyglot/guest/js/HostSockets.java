package org.restypolyglot.guest.js;

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
}
