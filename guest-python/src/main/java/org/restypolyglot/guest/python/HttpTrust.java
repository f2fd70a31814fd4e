package org.restypolyglot.guest.python;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which servers {@code resty_http} trusts: those whose certificates a file in PEM vouches for, or
 * the system's store does, as in Python's {@code ssl}. Remembers why it has refused others: Java's
 * client may lose that, and tell only that the connection is closed.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the reasons of the last {@value #MAX_REFUSALS} servers.
 * <b>Failure</b>: is thrown, with the file's name.
 */
final class HttpTrust extends X509ExtendedTrustManager {
  /** Where distributions of Linux have the system's store. */
  private static final List<Path> STORES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private static final int MAX_REFUSALS = 100;
  private static final int HTTPS = 443;

  private final X509ExtendedTrustManager rules;

  /** The reasons, by "host:port". */
  private final Map<String, String> refusals =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
              return size() > MAX_REFUSALS;
            }
          });

  /**
   * @param file null: the system's store; where there is none, the JDK's
   */
  HttpTrust(@Nullable String file) throws IOException, GeneralSecurityException {
    Path store = file == null ? systemStore() : Path.of(file);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store == null ? null : storeOf(read(store)));
    rules = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {this}, null);
    return context;
  }

  /** Why the certificate that the server last showed was refused; null: it was not. */
  @Nullable String refusal(URI server) {
    int port = server.getPort() < 0 ? HTTPS : server.getPort();
    return refusals.get(server.getHost() + ":" + port);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    String server = engine.getPeerHost() + ":" + engine.getPeerPort();
    try {
      rules.checkServerTrusted(chain, authType, engine);
      refusals.remove(server);
    } catch (CertificateException e) {
      refusals.put(server, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return rules.getAcceptedIssuers();
  }

  // What Java's client does not use.

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    rules.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    rules.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    rules.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    rules.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    rules.checkClientTrusted(chain, authType);
  }

  private static @Nullable Path systemStore() {
    return STORES.stream().filter(Files::isReadable).findFirst().orElse(null);
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new CertificateException("no certificate in PEM is in " + file);
      }
      return found;
    } catch (CertificateException e) {
      throw new CertificateException(file + ": " + e.getMessage(), e);
    }
  }

  private static KeyStore storeOf(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    return store;
  }
}
