package org.restypolyglot.guest.js;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and private keys out of PEM text and PKCS#12 files.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: a {@link TlsException} with
 * OpenSSL's code.
 */
final class TlsKeys {
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]*)-----END (?:X509 |TRUSTED )?CERTIFICATE-----");

  /** A private key with the certificates that say whose it is, its own first. */
  record Identity(PrivateKey key, List<X509Certificate> chain) {}

  private TlsKeys() {}

  /** All certificates of a PEM text; what else is in it does not matter. */
  static List<X509Certificate> certificates(String pem) throws TlsException {
    List<X509Certificate> all = new ArrayList<>();
    Matcher matcher = CERTIFICATE.matcher(pem);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (matcher.find()) {
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
        all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
    } catch (CertificateException | IllegalArgumentException wrong) {
      throw new TlsException("ERR_OSSL_PEM_BAD_BASE64_DECODE");
    }
    return all;
  }

  /** The key of a PEM text: PKCS#1, PKCS#8 or SEC 1, in the clear or with a passphrase. */
  static PrivateKey privateKey(String pem, @Nullable String passphrase) throws TlsException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        PrivateKeyInfo info =
            switch (found) {
              case PEMKeyPair pair -> pair.getPrivateKeyInfo();
              case PrivateKeyInfo plain -> plain;
              case PEMEncryptedKeyPair pair ->
                  pair.decryptKeyPair(new BcPEMDecryptorProvider(chars(passphrase)))
                      .getPrivateKeyInfo();
              case PKCS8EncryptedPrivateKeyInfo encrypted ->
                  encrypted.decryptPrivateKeyInfo(
                      new JceOpenSSLPKCS8DecryptorProviderBuilder()
                          .setProvider(new BouncyCastleProvider())
                          .build(passphrase == null ? new char[0] : passphrase.toCharArray()));
              default -> null; // parameters of a curve, certificates
            };
        if (info != null) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        }
      }
    } catch (PKCSException | OperatorCreationException wrong) {
      throw new TlsException("ERR_OSSL_BAD_DECRYPT");
    } catch (PEMException wrong) {
      throw new TlsException(passphrase == null ? "ERR_OSSL_UNSUPPORTED" : "ERR_OSSL_BAD_DECRYPT");
    } catch (IOException | IllegalArgumentException wrong) {
      throw new TlsException("ERR_OSSL_UNSUPPORTED");
    }
    throw new TlsException("ERR_OSSL_UNSUPPORTED");
  }

  private static char[] chars(@Nullable String passphrase) throws TlsException {
    if (passphrase == null) {
      throw new TlsException("ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED");
    }
    return passphrase.toCharArray();
  }

  /** What is in a PKCS#12 file. */
  static KeyStore pkcs12(byte[] file, @Nullable String passphrase) throws TlsException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(
          new ByteArrayInputStream(file), (passphrase == null ? "" : passphrase).toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException wrong) {
      String text = String.valueOf(wrong.getMessage());
      throw new TlsException(text.contains("password") ? "PKCS12_MAC" : "PKCS12_FORMAT");
    }
  }

  /** The key of a PKCS#12 file and its chain; null where there is none. */
  static @Nullable Identity identity(KeyStore store, @Nullable String passphrase)
      throws TlsException {
    try {
      char[] password = (passphrase == null ? "" : passphrase).toCharArray();
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, password) instanceof PrivateKey key) {
          List<X509Certificate> chain = new ArrayList<>();
          for (Certificate each : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) each);
          }
          return new Identity(key, chain);
        }
      }
      return null;
    } catch (GeneralSecurityException wrong) {
      throw new TlsException("ERR_OSSL_BAD_DECRYPT");
    }
  }

  /**
   * Refuses a key that is not the certificate's; one of another kind is for another certificate.
   */
  static void checkPair(PrivateKey key, X509Certificate certificate) throws TlsException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          default -> key.getAlgorithm(); // EdDSA, Ed25519, Ed448
        };
    try {
      byte[] text = {1};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(text);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException different) {
      // so they are
    }
    throw new TlsException("ERR_OSSL_X509_KEY_VALUES_MISMATCH");
  }
}
