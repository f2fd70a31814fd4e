package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as programs see it: the parts of what {@code getPeerCertificate} gives.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: parts that cannot be read are empty
 * or null.
 */
public final class TlsCertificate {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Where OpenSSL's name is not Bouncy Castle's. */
  private static final Map<ASN1ObjectIdentifier, String> NAMES =
      Map.ofEntries(
          Map.entry(BCStyle.C, "C"),
          Map.entry(BCStyle.ST, "ST"),
          Map.entry(BCStyle.L, "L"),
          Map.entry(BCStyle.O, "O"),
          Map.entry(BCStyle.OU, "OU"),
          Map.entry(BCStyle.CN, "CN"),
          Map.entry(BCStyle.DC, "DC"),
          Map.entry(BCStyle.UID, "UID"),
          Map.entry(BCStyle.E, "emailAddress"),
          Map.entry(BCStyle.SERIALNUMBER, "serialNumber"),
          Map.entry(BCStyle.GIVENNAME, "GN"),
          Map.entry(BCStyle.SURNAME, "SN"),
          Map.entry(BCStyle.T, "title"),
          Map.entry(BCStyle.STREET, "street"),
          Map.entry(BCStyle.POSTAL_CODE, "postalCode"),
          Map.entry(BCStyle.BUSINESS_CATEGORY, "businessCategory"),
          Map.entry(BCStyle.JURISDICTION_C, "jurisdictionC"),
          Map.entry(BCStyle.JURISDICTION_ST, "jurisdictionST"),
          Map.entry(BCStyle.JURISDICTION_L, "jurisdictionL"));

  private final X509Certificate certificate;

  TlsCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  private byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      return new byte[0];
    }
  }

  static String pem(X509Certificate certificate) {
    byte[] der = new TlsCertificate(certificate).der();
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----";
  }

  /** Name and value of each part, in turn. */
  @Export
  public ProxyArray subject() {
    return parts(certificate.getSubjectX500Principal().getEncoded());
  }

  @Export
  public ProxyArray issuer() {
    return parts(certificate.getIssuerX500Principal().getEncoded());
  }

  private static ProxyArray parts(byte[] name) {
    List<Object> all = new ArrayList<>();
    for (RDN each : X500Name.getInstance(name).getRDNs()) {
      for (AttributeTypeAndValue part : each.getTypesAndValues()) {
        all.add(NAMES.getOrDefault(part.getType(), part.getType().getId()));
        all.add(IETFUtils.valueToString(part.getValue()).replaceAll("\\\\(.)", "$1"));
      }
    }
    return ProxyArray.fromList(all);
  }

  /** Kind and text of each alternative name, in turn; the kinds are OpenSSL's. */
  @Export
  public ProxyArray alternativeNames() {
    List<Object> all = new ArrayList<>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        String kind =
            switch ((Integer) name.get(0)) {
              case GeneralName.rfc822Name -> "email";
              case GeneralName.dNSName -> "DNS";
              case GeneralName.directoryName -> "DirName";
              case GeneralName.uniformResourceIdentifier -> "URI";
              case GeneralName.iPAddress -> "IP Address";
              case GeneralName.registeredID -> "Registered ID";
              default -> "othername";
            };
        all.add(kind);
        all.add(name.get(1) instanceof String text ? text : "<unsupported>");
      }
    } catch (CertificateParsingException wrong) {
      all.clear();
    }
    return ProxyArray.fromList(all);
  }

  /** Where the issuer tells more, as OpenSSL writes it; "" for nothing. */
  @Export
  public String infoAccess() {
    try {
      Extension extension =
          new X509CertificateHolder(der()).getExtension(Extension.authorityInfoAccess);
      AuthorityInformationAccess access =
          extension == null
              ? null
              : AuthorityInformationAccess.getInstance(extension.getParsedValue());
      StringBuilder text = new StringBuilder();
      for (AccessDescription each :
          access == null ? new AccessDescription[0] : access.getAccessDescriptions()) {
        if (each.getAccessLocation().getTagNo() == GeneralName.uniformResourceIdentifier) {
          boolean isOcsp = each.getAccessMethod().equals(AccessDescription.id_ad_ocsp);
          text.append(isOcsp ? "OCSP" : "CA Issuers").append(" - URI:");
          text.append(each.getAccessLocation().getName()).append('\n');
        }
      }
      return text.toString();
    } catch (IOException | IllegalArgumentException wrong) {
      return "";
    }
  }

  @Export
  public boolean isAuthority() {
    return certificate.getBasicConstraints() >= 0;
  }

  /** As "Jan 2 03:04:05 2030 GMT". */
  @Export
  public String validFrom() {
    return time(certificate.getNotBefore());
  }

  @Export
  public String validTo() {
    return time(certificate.getNotAfter());
  }

  private static String time(Date date) {
    return TIME.format(date.toInstant());
  }

  /** As "A1:B2". */
  @Export
  public String fingerprint(String algorithm) {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(der());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      return "";
    }
  }

  @Export
  public String serialNumber() {
    String hex = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    return hex.length() % 2 == 0 ? hex : "0" + hex;
  }

  /** Identifiers of what the key may be used for; null where that is not said. */
  @Export
  public @Nullable ProxyArray keyUsage() {
    try {
      List<String> usage = certificate.getExtendedKeyUsage();
      return usage == null ? null : ProxyArray.fromArray(usage.toArray());
    } catch (CertificateParsingException wrong) {
      return null;
    }
  }

  @Export
  public ByteBuffer raw() {
    return ByteBuffer.wrap(der());
  }

  // ---- its key ----------------------------------------------------------------------------------

  /** "RSA", "EC" or another kind. */
  @Export
  public String keyKind() {
    return certificate.getPublicKey().getAlgorithm();
  }

  @Export
  public int keyBits() {
    return switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength();
      case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize();
      default -> 0;
    };
  }

  /** Of RSA, in hexadecimal. */
  @Export
  public @Nullable String modulus() {
    return certificate.getPublicKey() instanceof RSAPublicKey rsa
        ? rsa.getModulus().toString(16).toUpperCase(Locale.ROOT)
        : null;
  }

  @Export
  public @Nullable String exponent() {
    return certificate.getPublicKey() instanceof RSAPublicKey rsa
        ? "0x" + rsa.getPublicExponent().toString(16)
        : null;
  }

  /** The name of an elliptic curve in the standard's catalogue. */
  @Export
  public @Nullable String curve() {
    if (!(certificate.getPublicKey() instanceof ECPublicKey key)) {
      return null;
    }
    String text = key.getParams().toString(); // "secp256r1 [NIST P-256,X9.62 prime256v1] (…)"
    return text.split(" ", 2)[0];
  }

  /** As Node gives it: of RSA in DER, of a curve the point. */
  @Export
  public ByteBuffer publicKey() {
    PublicKey key = certificate.getPublicKey();
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
      byte[] bytes =
          key instanceof ECPublicKey
              ? info.getPublicKeyData().getBytes()
              : info.getEncoded(ASN1Encoding.DER);
      return ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length));
    } catch (IOException e) {
      return ByteBuffer.allocate(0);
    }
  }
}
