package org.restypolyglot.guest.js;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cipher by OpenSSL's name of it: AES, and ChaCha20-Poly1305.
 *
 * <p><b>Threads</b>: any.
 *
 * @param name OpenSSL's
 * @param mode "cbc", "ctr", "ecb", "gcm" or "stream"
 * @param keyBytes the length of a key
 * @param ivBytes the usual length of an initialization vector; 0: there is none
 * @param blockBytes 1: it takes bytes as they come
 */
record CipherInfo(String name, String mode, int keyBytes, int ivBytes, int blockBytes) {
  private static final Pattern AES =
      Pattern.compile("aes(?:(128|192|256)|-(128|192|256)-(cbc|ctr|ecb|gcm))");
  private static final Pattern AES_GCM = Pattern.compile("id-aes(128|192|256)-gcm");
  private static final String CHACHA = "chacha20-poly1305";
  private static final int AES_BLOCK = 16;
  private static final int NONCE = 12;
  private static final int CHACHA_KEY = 32;

  static @Nullable CipherInfo of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals(CHACHA)) {
      return new CipherInfo(CHACHA, "stream", CHACHA_KEY, NONCE, 1);
    }
    Matcher gcm = AES_GCM.matcher(lower);
    Matcher aes = AES.matcher(gcm.matches() ? "aes-" + gcm.group(1) + "-gcm" : lower);
    if (!aes.matches()) {
      return null;
    }
    String bits = aes.group(1) == null ? aes.group(2) : aes.group(1);
    String mode = aes.group(1) == null ? aes.group(3) : "cbc";
    return new CipherInfo(
        mode.equals("gcm") ? "id-aes" + bits + "-gcm" : "aes-" + bits + "-" + mode,
        mode,
        Integer.parseInt(bits) / 8,
        switch (mode) {
          case "ecb" -> 0;
          case "gcm" -> NONCE;
          default -> AES_BLOCK;
        },
        mode.equals("cbc") || mode.equals("ecb") ? AES_BLOCK : 1);
  }

  boolean isAuthenticated() {
    return mode.equals("gcm") || name.equals(CHACHA);
  }

  boolean isChaCha() {
    return name.equals(CHACHA);
  }

  /** The JCA's name. */
  String transformation(boolean isPadded) {
    if (isChaCha()) {
      return "ChaCha20-Poly1305";
    }
    boolean padded = isPadded && blockBytes > 1;
    return "AES/" + mode.toUpperCase(Locale.ROOT) + (padded ? "/PKCS5Padding" : "/NoPadding");
  }
}
