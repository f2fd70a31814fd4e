package org.restypolyglot.guest.js;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSL's names of digests, and the JCA's.
 *
 * <p><b>Threads</b>: any.
 */
final class CryptoNames {
  /** By the names that {@code crypto.getHashes()} gives. */
  static final Map<String, String> DIGESTS =
      Map.ofEntries(
          Map.entry("md5", "MD5"),
          Map.entry("sha1", "SHA-1"),
          Map.entry("sha224", "SHA-224"),
          Map.entry("sha256", "SHA-256"),
          Map.entry("sha384", "SHA-384"),
          Map.entry("sha512", "SHA-512"),
          Map.entry("sha512-224", "SHA-512/224"),
          Map.entry("sha512-256", "SHA-512/256"),
          Map.entry("sha3-224", "SHA3-224"),
          Map.entry("sha3-256", "SHA3-256"),
          Map.entry("sha3-384", "SHA3-384"),
          Map.entry("sha3-512", "SHA3-512"));

  private static final Map<String, String> ALIASES =
      Map.of(
          "ssl3-md5", "md5",
          "ssl3-sha1", "sha1",
          "sha-1", "sha1",
          "sha-224", "sha224",
          "sha-256", "sha256",
          "sha-384", "sha384",
          "sha-512", "sha512",
          "sha-512/224", "sha512-224",
          "sha-512/256", "sha512-256");

  private CryptoNames() {}

  /** The JCA's name of a digest, in any case, with or without "RSA-" before it; or null. */
  static @Nullable String digest(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replaceFirst("^rsa-", "");
    return DIGESTS.get(ALIASES.getOrDefault(lower, lower));
  }

  /** Of an HMAC over that digest. */
  static @Nullable String hmac(String name) {
    String digest = digest(name);
    return digest == null ? null : "Hmac" + digest.replaceFirst("^SHA-", "SHA");
  }
}
