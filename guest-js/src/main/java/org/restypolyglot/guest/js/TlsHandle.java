package org.restypolyglot.guest.js;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * One layer of TLS on a socket, the client's side: what is a {@code TLSWrap} in Node.
 *
 * <p>As in Node, the handshake believes every certificate, and JavaScript asks afterwards whether
 * it should have ({@link #verifyError}), before the program learns that there is a connection.
 *
 * <p><b>Threads</b>: exported methods on the guest thread; the handshake's work on the workers of
 * {@link NetLoop}. <b>Borrows</b>: the socket, which ends it. <b>Failure</b>: told once, to the
 * callback of {@link #start}.
 */
public final class TlsHandle {
  private static final Pattern ALERT = Pattern.compile("fatal alert: ?\\(?(\\w+)|\\((\\w+)\\) ");

  private final HostLoop loop;
  private final SocketHandle socket;
  private final TlsContext context;
  private final AtomicBoolean told = new AtomicBoolean();
  private final List<byte[]> received = new ArrayList<>();
  private String servername = "";
  private List<String> protocols = List.of();
  private @Nullable Value done;
  private @Nullable SSLEngine engine;
  private volatile @Nullable String verifyError;

  TlsHandle(HostLoop loop, SocketHandle socket, TlsContext context) {
    this.loop = loop;
    this.socket = socket;
    this.context = context;
  }

  @Export
  public void setServername(String name) {
    servername = name;
  }

  /** For ALPN, the most wanted first. */
  @Export
  public void setProtocols(String... names) {
    protocols = List.of(names);
  }

  /** Bytes of the other side's that somebody else has read before {@link #start}. */
  @Export
  public void receive(Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.readBuffer(offset, bytes, 0, length);
    received.add(bytes);
  }

  /**
   * Begins the handshake.
   *
   * @param callback gets null, or what failed: an alert's name, or Java's text
   * @return null, or the code of an error
   */
  @Export
  public @Nullable String start(Value callback) {
    SSLEngine own;
    try {
      own = context.newEngine(new Recorder(context.trust()));
    } catch (TlsException refused) {
      return refused.code();
    }
    SSLParameters parameters = own.getSSLParameters();
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    try {
      if (!servername.isEmpty() && !servername.matches("[0-9.]+|.*:.*")) {
        parameters.setServerNames(List.of(new SNIHostName(servername)));
      }
    } catch (IllegalArgumentException noName) {
      // nothing that a certificate could be for
    }
    own.setSSLParameters(parameters);
    done = callback;
    engine = own;
    SslHandler handler = new SslHandler(own, NetLoop.workers());
    handler.setHandshakeTimeoutMillis(0); // the program's own timers
    handler.setCloseNotifyFlushTimeoutMillis(0);
    handler
        .handshakeFuture()
        .addListener(
            future -> {
              Throwable failure = future.cause();
              if (failure == null) {
                loop.enter(callback, (Object) null);
              } else {
                failed(failure);
              }
            });
    socket.startTls(this, handler, received);
    return null;
  }

  /** Tells a failure of TLS; false: it is none. Any thread. */
  boolean failed(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof DecoderException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Value callback = done;
    if (!(cause instanceof SSLException)
        || cause.getCause() instanceof java.io.IOException
        || callback == null) {
      return false;
    }
    if (!socket.isClosed() && told.compareAndSet(false, true)) {
      loop.enter(callback, describe(cause));
    }
    return true;
  }

  private static String describe(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof NotSslRecordException
        || text.contains("Unsupported or unrecognized SSL")) {
      return "wrong_version_number";
    }
    Matcher alert = ALERT.matcher(text);
    return alert.find()
        ? "alert " + (alert.group(1) == null ? alert.group(2) : alert.group(1))
        : text;
  }

  /** Believes all, and keeps what is wrong. */
  private final class Recorder extends X509ExtendedTrustManager {
    private final TlsTrust trust;

    Recorder(TlsTrust trust) {
      this.trust = trust;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine from) {
      verifyError = trust.check(chain, keyExchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket from) {
      verifyError = trust.check(chain, keyExchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
      verifyError = trust.check(chain, keyExchange);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine from) {
      throw new IllegalStateException("this is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket from) {
      throw new IllegalStateException("this is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
      throw new IllegalStateException("this is the client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  // ---- the connection ---------------------------------------------------------------------------

  /** OpenSSL's name of what is wrong with the server's certificates; null: nothing is. */
  @Export
  public @Nullable String verifyError() {
    return verifyError;
  }

  /** What ALPN agreed on; "" for nothing. */
  @Export
  public String protocol() {
    SSLEngine own = engine;
    String chosen = own == null ? null : own.getApplicationProtocol();
    return chosen == null ? "" : chosen;
  }

  /** As "TLSv1.3"; null before the handshake. */
  @Export
  public @Nullable String version() {
    SSLSession session = session();
    return session == null ? null : session.getProtocol();
  }

  /** OpenSSL's and the standard's name of the cipher suite; null before the handshake. */
  @Export
  public @Nullable ProxyArray cipher() {
    SSLSession session = session();
    if (session == null) {
      return null;
    }
    String suite = session.getCipherSuite();
    return ProxyArray.fromArray(TlsCiphers.openSslName(suite), suite);
  }

  private @Nullable SSLSession session() {
    SSLEngine own = engine;
    SSLSession session = own == null ? null : own.getSession();
    return session == null || session.getCipherSuite().contains("_NULL_NULL") ? null : session;
  }

  /** The server's certificates with the issuers that we know, its own first. */
  @Export
  public ProxyArray peerCertificates() {
    SSLSession session = session();
    if (session == null) {
      return ProxyArray.fromArray();
    }
    try {
      List<X509Certificate> sent = new ArrayList<>();
      for (Certificate each : session.getPeerCertificates()) {
        sent.add((X509Certificate) each);
      }
      List<X509Certificate> candidates = new ArrayList<>(sent);
      candidates.addAll(context.authorities());
      return ProxyArray.fromArray(
          TlsTrust.issuers(sent.getFirst(), candidates).stream()
              .map(TlsCertificate::new)
              .toArray());
    } catch (SSLPeerUnverifiedException none) {
      return ProxyArray.fromArray();
    }
  }

  /** The own one; null where there is none. */
  @Export
  public @Nullable TlsCertificate ownCertificate() {
    X509Certificate own = context.certificate();
    return own == null ? null : new TlsCertificate(own);
  }

  /** Bytes as a buffer of the host's; null where the engine has none to give. */
  @Export
  public @Nullable Object exportKeyingMaterial(String label, @Nullable Value seed, int length) {
    if (!(session() instanceof ExtendedSSLSession session)) {
      return null;
    }
    try {
      byte[] context = null;
      if (seed != null && !seed.isNull()) {
        context = new byte[(int) seed.getBufferSize()];
        seed.readBuffer(0, context, 0, context.length);
      }
      return java.nio.ByteBuffer.wrap(session.exportKeyingMaterialData(label, context, length));
    } catch (SSLException | UnsupportedOperationException none) {
      return null;
    }
  }
}
