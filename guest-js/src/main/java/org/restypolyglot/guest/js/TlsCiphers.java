package org.restypolyglot.guest.js;

import io.netty.handler.ssl.CipherSuiteConverter;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Cipher suites: OpenSSL's names and lists, and Java's suites.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: a {@link TlsException} where a list names nothing that is
 * there.
 */
final class TlsCiphers {
  private static final Pattern ITEM_SEPARATOR = Pattern.compile("[:, ]+");
  private static final Pattern PART_SEPARATOR = Pattern.compile("\\+");

  private TlsCiphers() {}

  /** Java's suites by their names in OpenSSL, in Java's order: the strong ones first. */
  private static final class Known {
    static final Map<String, String> BY_NAME = read();

    private static Map<String, String> read() {
      try {
        Map<String, String> known = new LinkedHashMap<>();
        for (String suite : SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()) {
          known.put(openSslName(suite), suite);
        }
        known.values().removeIf(suite -> suite.endsWith("_SCSV"));
        return known;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** As OpenSSL calls it; those of TLS 1.3 have the same name everywhere. */
  static String openSslName(String suite) {
    String name = isTls13(suite) ? suite : CipherSuiteConverter.toOpenSsl(suite, false);
    return name == null ? suite : name;
  }

  static boolean isTls13(String suite) {
    return suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
  }

  /** All names. */
  static List<String> names() {
    return List.copyOf(Known.BY_NAME.keySet());
  }

  /** The suites of an OpenSSL list; those of TLS 1.3 stay on where it names none of them. */
  static List<String> parse(String list) throws TlsException {
    Set<String> chosen = new LinkedHashSet<>();
    Set<String> banned = new LinkedHashSet<>();
    for (String item : ITEM_SEPARATOR.splitAsStream(list).toList()) {
      String word = item.replaceFirst("@.*", ""); // a level of security: Java has its own
      if (word.startsWith("!") || word.startsWith("-")) {
        List<String> named = named(word.substring(1));
        named.forEach(chosen::remove);
        if (word.startsWith("!")) {
          banned.addAll(named);
        }
      } else if (word.startsWith("+")) {
        List<String> moved = new ArrayList<>(named(word.substring(1)));
        moved.retainAll(chosen);
        moved.forEach(chosen::remove);
        chosen.addAll(moved);
      } else if (!word.isEmpty()) {
        chosen.addAll(named(word));
      }
    }
    chosen.removeAll(banned);
    if (chosen.isEmpty()) {
      throw new TlsException("ERR_SSL_NO_CIPHER_MATCH");
    }
    if (chosen.stream().noneMatch(TlsCiphers::isTls13)) {
      Known.BY_NAME.values().stream()
          .filter(suite -> isTls13(suite) && !banned.contains(suite))
          .forEach(chosen::add);
    }
    return List.copyOf(chosen);
  }

  /** The suites of one word: a name, or what all parts of "A+B" have in common. */
  private static List<String> named(String word) {
    String suite = Known.BY_NAME.get(word);
    if (suite != null) {
      return List.of(suite);
    }
    return Known.BY_NAME.entrySet().stream()
        .filter(
            known ->
                !isTls13(known.getValue())
                    && PART_SEPARATOR
                        .splitAsStream(word)
                        .allMatch(part -> rule(part).test(known.getKey())))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static Predicate<String> rule(String word) {
    return switch (word) {
      case "ALL", "DEFAULT", "HIGH", "COMPLEMENTOFDEFAULT" ->
          name -> !name.matches(".*(NULL|DES).*|ADH-.*|AECDH-.*");
      case "aNULL" -> name -> name.startsWith("ADH") || name.startsWith("AECDH");
      case "eNULL", "NULL" -> name -> name.contains("NULL");
      case "kRSA", "RSA" -> name -> !name.startsWith("ECDH") && !name.startsWith("DHE");
      case "aRSA" -> name -> !name.contains("ECDSA") && !name.contains("DSS");
      case "ECDSA", "aECDSA" -> name -> name.contains("ECDSA");
      case "kECDHE", "kEECDH", "EECDH", "ECDHE" -> name -> name.startsWith("ECDHE");
      case "kDHE", "kEDH", "EDH", "DHE" -> name -> name.startsWith("DHE");
      case "AESGCM" -> name -> name.contains("AES") && name.contains("GCM");
      case "AES" -> name -> name.contains("AES");
      case "AES128", "AES256", "CHACHA20", "CAMELLIA", "SHA256", "SHA384" ->
          name -> name.contains(word);
      case "SHA", "SHA1" -> name -> name.endsWith("-SHA");
      case "DSS", "aDSS" -> name -> name.contains("DSS");
      case "3DES" -> name -> name.contains("DES-CBC3");
      case "TLSv1.2" -> name -> name.matches(".*(GCM|CCM|POLY1305|SHA256|SHA384).*");
      default -> name -> false; // RC4, MD5, PSK and so on: Java has none
    };
  }

  /** Those of {@code wanted} that go with the engine's versions. */
  static String[] enabled(SSLEngine engine, List<String> wanted) {
    Set<String> supported = Set.of(engine.getSupportedCipherSuites());
    return wanted.stream().filter(supported::contains).toArray(String[]::new);
  }
}
