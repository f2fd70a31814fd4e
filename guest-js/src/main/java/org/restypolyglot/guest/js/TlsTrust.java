package org.restypolyglot.guest.js;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.cert.CertPathParameters;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed. Java's own check says yes or no; what OpenSSL calls the reason
 * of a no is found out afterwards.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: {@link #check} gives OpenSSL's name
 * of what is wrong.
 */
final class TlsTrust {
  private final Set<X509Certificate> anchors;
  private final List<X509Certificate> known;
  private final @Nullable X509TrustManager manager;

  private TlsTrust(
      Set<X509Certificate> anchors,
      List<X509Certificate> known,
      @Nullable X509TrustManager manager) {
    this.anchors = anchors;
    this.known = known;
    this.manager = manager;
  }

  /** The authorities that Java comes with, or the system's. */
  private static final class Roots {
    static final List<X509Certificate> JAVA = readJava();
    static final List<X509Certificate> EXTRA = readExtra();

    private static List<X509Certificate> readJava() {
      try {
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return List.of(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Java has no store of certificates", e);
      }
    }

    private static List<X509Certificate> readExtra() {
      String file = System.getenv("NODE_EXTRA_CA_CERTS");
      if (file == null || file.isEmpty()) {
        return List.of();
      }
      try {
        return TlsKeys.certificates(Files.readString(Path.of(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (TlsException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Those of Java. */
  static List<X509Certificate> roots() {
    return Roots.JAVA;
  }

  /** Those of the file that NODE_EXTRA_CA_CERTS names. */
  static List<X509Certificate> extra() {
    return Roots.EXTRA;
  }

  /**
   * @param partial whether a certificate counts that is not its own issuer
   */
  static TlsTrust of(Collection<X509Certificate> authorities, boolean partial) {
    Set<X509Certificate> anchors =
        authorities.stream()
            .filter(each -> partial || isSelfIssued(each))
            .collect(Collectors.toUnmodifiableSet());
    List<X509Certificate> known = List.copyOf(authorities);
    return new TlsTrust(anchors, known, anchors.isEmpty() ? null : newManager(anchors, known));
  }

  private static X509TrustManager newManager(
      Set<X509Certificate> anchors, List<X509Certificate> known) {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters(anchors, known)));
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java cannot check certificates", e);
    }
  }

  private static CertPathParameters parameters(
      Set<X509Certificate> anchors, List<X509Certificate> known)
      throws GeneralSecurityException, InvalidAlgorithmParameterException {
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(
            anchors.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet()),
            new X509CertSelector());
    parameters.setRevocationEnabled(false);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    return parameters;
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** OpenSSL's name of what is wrong with a server's chain; null: it is believed. */
  @Nullable String check(X509Certificate[] chain, String keyExchange) {
    String failure = failure(chain, keyExchange);
    List<X509Certificate> whole = complete(chain);
    String time = timeFailure(whole);
    return time != null ? time : failure == null ? null : reason(whole, failure);
  }

  private @Nullable String failure(X509Certificate[] chain, String keyExchange) {
    if (manager == null) {
      return "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
    }
    try {
      manager.checkServerTrusted(chain, keyExchange);
      return null;
    } catch (CertificateException e) {
      String text = String.valueOf(e.getMessage());
      return text.contains("extended key usage") || text.contains("Extended key usage")
          ? "INVALID_PURPOSE"
          : "CERT_UNTRUSTED";
    }
  }

  /** The chain with the issuers that we know, as far as it goes. */
  private List<X509Certificate> complete(X509Certificate[] chain) {
    List<X509Certificate> candidates = new ArrayList<>(Arrays.asList(chain));
    candidates.addAll(known);
    return issuers(chain[0], candidates);
  }

  /** {@code first}, its issuer, and so on. */
  static List<X509Certificate> issuers(
      X509Certificate first, Collection<X509Certificate> candidates) {
    List<X509Certificate> whole = new ArrayList<>(List.of(first));
    X509Certificate last = first;
    while (!isSelfIssued(last)) {
      X509Certificate child = last;
      X509Certificate issuer =
          candidates.stream()
              .filter(each -> !whole.contains(each) && hasIssued(each, child))
              .findFirst()
              .orElse(null);
      if (issuer == null) {
        break;
      }
      whole.add(issuer);
      last = issuer;
    }
    return whole;
  }

  private static boolean hasIssued(X509Certificate issuer, X509Certificate child) {
    if (!issuer.getSubjectX500Principal().equals(child.getIssuerX500Principal())) {
      return false;
    }
    try {
      child.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException other) {
      return false;
    }
  }

  private static @Nullable String timeFailure(List<X509Certificate> chain) {
    for (X509Certificate each : chain) {
      try {
        each.checkValidity();
      } catch (CertificateExpiredException e) {
        return "CERT_HAS_EXPIRED";
      } catch (CertificateNotYetValidException e) {
        return "CERT_NOT_YET_VALID";
      }
    }
    return null;
  }

  private String reason(List<X509Certificate> chain, String otherwise) {
    X509Certificate last = chain.getLast();
    if (chain.stream().anyMatch(anchors::contains)) {
      return otherwise.equals("CERT_UNTRUSTED") ? invalid(chain) : otherwise;
    }
    if (isSelfIssued(last)) {
      return chain.size() == 1 ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "SELF_SIGNED_CERT_IN_CHAIN";
    }
    return chain.size() == 1
        ? "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
        : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
  }

  /** All are there and in time, and Java says no. */
  private static String invalid(List<X509Certificate> chain) {
    return chain.stream().skip(1).anyMatch(each -> each.getBasicConstraints() < 0)
        ? "INVALID_CA"
        : "CERT_UNTRUSTED";
  }
}
