package org.restypolyglot.guest.js;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a server's certificate, with the code and the words of Node.
 *
 * <p><b>Threads</b>: any.
 */
final class CertificateProblem extends CertificateException {
  private static final long serialVersionUID = 1;

  private final String code;

  private CertificateProblem(String code, String message, Exception cause) {
    super(message, cause);
    this.code = code;
  }

  String code() {
    return code;
  }

  /** The one that made {@code failure}, or null. */
  static @Nullable CertificateProblem in(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof CertificateProblem problem) {
        return problem;
      }
    }
    return null;
  }

  /** There is nothing to verify it with. */
  static CertificateProblem noStore(Exception cause) {
    return new CertificateProblem(
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", String.valueOf(cause.getMessage()), cause);
  }

  /** Why the JDK refuses {@code chain}. */
  static CertificateProblem of(X509Certificate[] chain, CertificateException refusal) {
    String text = String.valueOf(refusal.getMessage());
    if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
      return new CertificateProblem(
          "ERR_TLS_CERT_ALTNAME_INVALID",
          "Hostname/IP does not match certificate's altnames: " + text,
          refusal);
    }
    for (X509Certificate certificate : chain) {
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException e) {
        return new CertificateProblem("CERT_HAS_EXPIRED", "certificate has expired", refusal);
      } catch (CertificateNotYetValidException e) {
        return new CertificateProblem(
            "CERT_NOT_YET_VALID", "certificate is not yet valid", refusal);
      }
    }
    boolean isAlone = chain.length == 1;
    if (isSelfSigned(chain[chain.length - 1])) {
      return isAlone
          ? new CertificateProblem(
              "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", refusal)
          : new CertificateProblem(
              "SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", refusal);
    }
    return isAlone
        ? new CertificateProblem(
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate", refusal)
        : new CertificateProblem(
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate", refusal);
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }
}
