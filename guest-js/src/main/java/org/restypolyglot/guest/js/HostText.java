package org.restypolyglot.guest.js;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.shadowed.com.ibm.icu.text.IDNA;
import org.jspecify.annotations.Nullable;

/**
 * What text needs tables for: legacy encodings, and international names of domains (UTS 46, as URLs
 * use it).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; null for what is unknown or wrong.
 */
public final class HostText {
  /** Where the web has another name than Java. */
  private static final Map<String, String> JAVA_NAMES =
      Map.of(
          "macintosh",
          "x-MacRoman",
          "x-mac-cyrillic",
          "x-MacCyrillic",
          "windows-874",
          "x-windows-874");

  private static final IDNA NAMES =
      IDNA.getUTS46Instance(
          IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);

  HostText() {}

  /** The name in ASCII, null for one that is wrong. */
  @Export
  public @Nullable String domainToAscii(String domain) {
    StringBuilder name = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    NAMES.nameToASCII(domain, name, info);
    return isWrong(info) ? null : name.toString();
  }

  /** The name with its international characters; what is wrong stays as it is. */
  @Export
  public String domainToUnicode(String domain) {
    StringBuilder name = new StringBuilder();
    NAMES.nameToUnicode(domain, name, new IDNA.Info());
    return name.toString();
  }

  /** URLs allow empty and long labels, and hyphens anywhere. */
  private static boolean isWrong(IDNA.Info info) {
    return info.getErrors().stream()
        .anyMatch(
            error ->
                switch (error) {
                  case EMPTY_LABEL,
                      LABEL_TOO_LONG,
                      DOMAIN_NAME_TOO_LONG,
                      LEADING_HYPHEN,
                      TRAILING_HYPHEN,
                      HYPHEN_3_4 ->
                      false;
                  default -> true;
                });
  }

  /** A decoder for text that comes in pieces, null for an encoding that Java does not know. */
  @Export
  public @Nullable HostDecoder decoder(String encoding, boolean fatal) {
    try {
      return new HostDecoder(Charset.forName(JAVA_NAMES.getOrDefault(encoding, encoding)), fatal);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }
}
