package org.restypolyglot.guest.js;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates {@code fetch} trusts: those of the JDK's store and of the file that
 * NODE_EXTRA_CA_CERTS names, or all. What is wrong with one is said as Node says it.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: {@link IllegalStateException} for a
 * JDK without TLS; a file that cannot be read fails each connection.
 */
final class FetchTrust extends X509ExtendedTrustManager {
  private static final String EXTRA = "NODE_EXTRA_CA_CERTS";

  private final @Nullable String extraFile;
  private @Nullable X509ExtendedTrustManager loaded;

  private FetchTrust(@Nullable String extraFile) {
    this.extraFile = extraFile;
  }

  static SSLContext verifying() {
    String extra = System.getenv(EXTRA);
    return verifying(extra == null || extra.isEmpty() ? null : extra);
  }

  /**
   * @param extraFile certificates in PEM that are trusted, too
   */
  static SSLContext verifying(@Nullable String extraFile) {
    try {
      return context(new FetchTrust(extraFile));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available: " + e, e);
    }
  }

  /** The store is read when the first certificate comes: who only uses HTTP needs none of it. */
  private synchronized X509ExtendedTrustManager jdk() throws CertificateException {
    X509ExtendedTrustManager jdk = loaded;
    if (jdk == null) {
      try {
        jdk = managerOf(null);
        if (extraFile != null) {
          List<Certificate> all = new ArrayList<>(Arrays.asList(jdk.getAcceptedIssuers()));
          all.addAll(read(Path.of(extraFile)));
          jdk = managerOf(storeOf(all));
        }
      } catch (GeneralSecurityException | IOException e) {
        throw CertificateProblem.noStore(e);
      }
      loaded = jdk;
    }
    return jdk;
  }

  static SSLContext trustingAll() {
    try {
      return context(new All());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available: " + e, e);
    }
  }

  private static SSLContext context(TrustManager manager) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {manager}, null);
    return context;
  }

  /** Null: the JDK's own store. */
  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no X.509 trust manager"));
  }

  private static KeyStore storeOf(List<Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("ca-" + i, certificates.get(i));
    }
    return store;
  }

  private static List<Certificate> read(Path file) throws GeneralSecurityException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    } catch (IOException | CertificateException e) {
      throw new IOException(EXTRA + "=" + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private static void verify(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateProblem e) {
      throw e;
    } catch (CertificateException e) {
      throw CertificateProblem.of(chain, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    verify(chain, () -> jdk().checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    verify(chain, () -> jdk().checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    verify(chain, () -> jdk().checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk().checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    jdk().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    jdk().checkClientTrusted(chain, type, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0]; // a server's matter
  }

  /** NODE_TLS_REJECT_UNAUTHORIZED=0. */
  private static final class All extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
