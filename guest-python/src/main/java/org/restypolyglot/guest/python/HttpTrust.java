package org.restypolyglot.guest.python;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Which servers {@code resty_http} trusts: those whose certificates a file in PEM vouches for, or
 * the system's store does, as in Python's {@code ssl}.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: is thrown, with the file's name.
 */
final class HttpTrust {
  /** Where distributions of Linux have the system's store. */
  private static final List<Path> STORES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private HttpTrust() {}

  /**
   * @param file null: the system's store; where there is none, the JDK's
   */
  static SSLContext of(@Nullable String file) throws IOException, GeneralSecurityException {
    Path store = file == null ? systemStore() : Path.of(file);
    if (store == null) {
      return SSLContext.getDefault();
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(storeOf(read(store)));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
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
