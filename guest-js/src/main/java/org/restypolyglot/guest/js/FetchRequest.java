package org.restypolyglot.guest.js;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code fetch} sends, in the words of {@code java.net.http}.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: an {@link IllegalArgumentException}
 * for what {@code java.net.http} does not send; {@link UnknownHostException}.
 *
 * @param url with its scheme, host, path and query
 * @param headers name, value, name, value ...
 * @param length the bytes of the body, {@link #UNKNOWN_LENGTH} or {@link #NO_BODY}
 */
record FetchRequest(String method, String url, List<String> headers, long length) {
  static final long UNKNOWN_LENGTH = -1;
  static final long NO_BODY = -2;

  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");

  /** What the URLs of the web may have and {@link URI} does not take. */
  private static final Pattern NO_URI = Pattern.compile("[^!#-\\[\\]_a-z~]|[<>]");

  private static final Pattern AUTHORITY = Pattern.compile("^http://([^/?#:]*)(:\\d+)?");

  /** Whether it may be sent again where it is not known if the server has seen it. */
  boolean isRepeatable() {
    return length == NO_BODY && REPEATABLE.contains(method);
  }

  /** Whether the host's name is one that {@link URI} knows; in Docker some have a "_". */
  boolean hasUsualHost() {
    return uri().getHost() != null;
  }

  /** The request, with {@code body} if it has one. */
  HttpRequest build(FetchRequestBody body) {
    return build(uri(), body);
  }

  /** The request for a host with an unusual name: it is looked up here, which may block. */
  HttpRequest buildResolved(FetchRequestBody body) throws UnknownHostException {
    Matcher authority = AUTHORITY.matcher(url);
    if (!authority.find()) {
      throw new IllegalArgumentException("the host of " + url + " is not supported with TLS");
    }
    String address = InetAddress.getByName(authority.group(1)).getHostAddress();
    String port = authority.group(2) == null ? "" : authority.group(2);
    String literal = address.contains(":") ? "[" + address + "]" : address;
    URI uri = URI.create(escape("http://" + literal + port + url.substring(authority.end())));
    HttpRequest request = build(uri, body);
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .setHeader("host", authority.group(1) + port)
        .build();
  }

  private HttpRequest build(URI uri, FetchRequestBody body) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    for (int i = 0; i < headers.size(); i += 2) {
      builder.header(headers.get(i), headers.get(i + 1));
    }
    boolean secure = "https".equals(uri.getScheme());
    return withMethod(builder, body).version(secure ? Version.HTTP_2 : Version.HTTP_1_1).build();
  }

  /** What has no body says nothing about one, where the JDK lets it. */
  private HttpRequest.Builder withMethod(HttpRequest.Builder builder, FetchRequestBody body) {
    if (length == NO_BODY) {
      switch (method) {
        case "GET" -> {
          return builder.GET();
        }
        case "HEAD" -> {
          return builder.HEAD();
        }
        case "DELETE" -> {
          return builder.DELETE();
        }
        default -> {}
      }
    }
    return builder.method(method, publisher(body));
  }

  private BodyPublisher publisher(FetchRequestBody body) {
    if (length == NO_BODY || length == 0) {
      return BodyPublishers.noBody();
    }
    return length == UNKNOWN_LENGTH
        ? BodyPublishers.fromPublisher(body)
        : BodyPublishers.fromPublisher(body, length);
  }

  private URI uri() {
    return URI.create(escape(url));
  }

  private static String escape(String url) {
    return NO_URI
        .matcher(url)
        .replaceAll(
            found -> {
              StringBuilder escaped = new StringBuilder();
              for (byte value : found.group().getBytes(StandardCharsets.UTF_8)) {
                escaped.append(String.format(Locale.ROOT, "%%%02X", value));
              }
              return escaped.toString();
            });
  }
}
