package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A file as ES modules name it: its path, and the query and fragment, which make it another
 * instance.
 *
 * <p><b>Threads</b>: immutable. <b>Failure</b>: what is no path is a {@link ResolutionException}.
 *
 * @param path absolute and normalized
 * @param suffix from {@code ?} or {@code #} on, as in the specifier; empty without
 * @param isFolder whether it ends with a slash
 */
record FileUrl(Path path, String suffix, boolean isFolder) {
  private static final String SCHEME = "file://";
  private static final String ESCAPED = " \"#%<>?\\^`{}";
  private static final Pattern ENCODED_SEPARATOR =
      Pattern.compile("%2f|%5c", Pattern.CASE_INSENSITIVE);

  /** A file without query. */
  static FileUrl of(Path path) {
    return new FileUrl(path, "", false);
  }

  /**
   * What a URL's text means relative to a folder.
   *
   * @param reference {@code ./x.js?q}, {@code /x.js} or {@code file:///x.js}
   * @param base who imports it, for the messages; maybe empty
   */
  static FileUrl resolve(Path folder, String reference, String base) throws ResolutionException {
    String text = reference;
    if (text.regionMatches(true, 0, "file:", 0, 5)) {
      text = text.substring(5);
      if (text.startsWith("//")) {
        int end = text.indexOf('/', 2);
        String host = text.substring(2, end < 0 ? text.length() : end);
        if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
          throw ResolutionException.typeError(
              "ERR_INVALID_FILE_URL_HOST", "File URL host must be \"localhost\" or empty on linux");
        }
        text = end < 0 ? "/" : text.substring(end);
      }
    }
    int end = suffixStart(text);
    String encoded = text.substring(0, end).replace('\\', '/');
    if (ENCODED_SEPARATOR.matcher(encoded).find()) {
      throw ResolutionException.invalidSpecifier(
          (base.isEmpty() ? SCHEME : "") + folder.resolve(encoded).normalize(),
          "must not include encoded \"/\" or \"\\\" characters",
          base);
    }
    boolean isFolder =
        encoded.endsWith("/")
            || encoded.equals(".")
            || encoded.equals("..")
            || encoded.endsWith("/.")
            || encoded.endsWith("/..");
    try {
      Path path = folder.resolve(decode(encoded)).normalize();
      return new FileUrl(path, text.substring(end), isFolder);
    } catch (InvalidPathException e) { // a NUL in it, for example
      throw ResolutionException.invalidSpecifier(reference, "is not a path", base);
    }
  }

  private static int suffixStart(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        return i;
      }
    }
    return text.length();
  }

  /** Percent-decoded; a percent sign that begins no escape stays. */
  static String decode(String text) {
    return text.indexOf('%') < 0 ? text : new String(decodeBytes(text), UTF_8);
  }

  /** The bytes of a percent-encoded text. */
  static byte[] decodeBytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] encoded = text.getBytes(UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%'
          && i + 2 < encoded.length
          && HexFormat.isHexDigit(encoded[i + 1])
          && HexFormat.isHexDigit(encoded[i + 2])) {
        bytes.write(
            HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
        i += 2;
      } else {
        bytes.write(encoded[i]);
      }
    }
    return bytes.toByteArray();
  }

  /** The URL's text. */
  String href() {
    StringBuilder text = new StringBuilder(SCHEME);
    for (byte b : path.toString().getBytes(UTF_8)) {
      if (b <= ' ' || b == 0x7f || ESCAPED.indexOf(b) >= 0) { // also what is not ASCII
        text.append('%').append(HexFormat.of().toHexDigits(b).toUpperCase(Locale.ROOT));
      } else {
        text.append((char) b);
      }
    }
    return text.append(isFolder && path.getNameCount() > 0 ? "/" : "").append(suffix).toString();
  }
}
