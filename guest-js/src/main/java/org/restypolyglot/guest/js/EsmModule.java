package org.restypolyglot.guest.js;

import com.oracle.truffle.api.source.Source;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One ES module: where it comes from.
 *
 * <p><b>Threads</b>: immutable.
 *
 * @param href its URL: {@code file:}, with the query, or {@code data:}
 * @param file its path; null for {@code data:}
 */
record EsmModule(String href, @Nullable Path file) {
  static final String MIME_TYPE = "application/javascript+module";

  static EsmModule of(FileUrl url) {
    return new EsmModule(url.href(), url.path());
  }

  /** What errors and stack traces call it. */
  String name() {
    return file == null ? href : file.toString();
  }

  /**
   * The content of a {@code data:} URL.
   *
   * @param mimeType lower case, without parameters
   */
  record Data(String mimeType, String text) {
    static Data of(String url) throws ResolutionException {
      int comma = url.indexOf(',');
      if (comma < 0) {
        throw ResolutionException.typeError("ERR_INVALID_URL", "Invalid URL");
      }
      int hash = url.indexOf('#');
      String head = url.substring("data:".length(), comma);
      String body = url.substring(comma + 1, hash > comma ? hash : url.length());
      String[] parts = head.split(";", -1);
      Charset charset = StandardCharsets.UTF_8;
      boolean base64 = false;
      for (int i = 1; i < parts.length; i++) {
        String part = parts[i].strip().toLowerCase(Locale.ROOT);
        base64 |= part.equals("base64");
        if (part.startsWith("charset=")) {
          charset = charset(part.substring("charset=".length()));
        }
      }
      try {
        byte[] bytes = FileUrl.decodeBytes(body);
        byte[] content = base64 ? Base64.getMimeDecoder().decode(bytes) : bytes;
        return new Data(
            parts[0].strip().toLowerCase(Locale.ROOT), ScriptSources.text(content, charset));
      } catch (IllegalArgumentException e) {
        throw ResolutionException.typeError("ERR_INVALID_URL", "Invalid URL: " + e.getMessage());
      }
    }

    private static Charset charset(String name) {
      try {
        return Charset.forName(name);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        return StandardCharsets.UTF_8;
      }
    }
  }

  /** The source of a {@code data:} URL's text. */
  Source source(String text) {
    return Source.newBuilder(JsLanguage.ID, text, href).mimeType(MIME_TYPE).build();
  }
}
