package org.restypolyglot.guest.js;

import java.security.cert.X509Certificate;
import java.util.Collection;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * Where a context gets TLS.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the loop. <b>Failure</b>: none.
 */
public final class HostTls {
  private final HostLoop loop;

  HostTls(HostLoop loop) {
    this.loop = loop;
  }

  @Export
  public TlsContext newContext() {
    return new TlsContext();
  }

  /** A layer on a socket; it begins with its {@code start}. */
  @Export
  public TlsHandle wrap(SocketHandle socket, TlsContext context) {
    return new TlsHandle(loop, socket, context);
  }

  /** The names of all cipher suites, as OpenSSL calls them. */
  @Export
  public ProxyArray ciphers() {
    return ProxyArray.fromList(java.util.List.copyOf(TlsCiphers.names()));
  }

  /** Java's authorities, as PEM. */
  @Export
  public ProxyArray roots() {
    return pem(TlsTrust.roots());
  }

  /** Those of NODE_EXTRA_CA_CERTS. */
  @Export
  public ProxyArray extra() {
    return pem(TlsTrust.extra());
  }

  private static ProxyArray pem(Collection<X509Certificate> certificates) {
    return ProxyArray.fromArray(certificates.stream().map(TlsCertificate::pem).toArray());
  }
}
