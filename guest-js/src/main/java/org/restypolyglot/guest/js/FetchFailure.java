package org.restypolyglot.guest.js;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange failed, in Node's words.
 *
 * @param code libuv's or OpenSSL's name of the error, or UND_ERR_... where undici has one
 * @param message what Java said, or Node says
 * @param host what was looked up (ENOTFOUND), or the address that was tried
 * @param port of the address
 */
record FetchFailure(String code, String message, String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** Whether the server has closed a connection of HTTP/2. */
  static boolean isEndOfHttp2(Throwable failure) {
    return texts(failure).contains("eof reached while reading");
  }

  /**
   * @param hasHeaders the response had begun
   */
  static FetchFailure of(Throwable failure, String url, boolean hasHeaders) {
    String host = "";
    int port = 0;
    try {
      URI uri = new URI(url.replaceFirst("[?#].*", "")).parseServerAuthority();
      host = uri.getHost();
      port = uri.getPort() >= 0 ? uri.getPort() : url.startsWith("https:") ? HTTPS_PORT : HTTP_PORT;
    } catch (java.net.URISyntaxException e) {
      host = url.replaceFirst("^https?://([^/?#:]*).*", "$1");
    }
    String code = code(failure, hasHeaders);
    String message = String.valueOf(failure.getMessage());
    CertificateProblem problem = CertificateProblem.in(failure);
    if (problem != null) {
      return new FetchFailure(problem.code(), String.valueOf(problem.getMessage()), host, port);
    }
    boolean isConnecting = code.startsWith("E") && !hasHeaders && !code.equals("ENOTFOUND");
    return new FetchFailure(code, message, isConnecting ? address(host) : host, port);
  }

  private static String code(Throwable failure, boolean hasHeaders) {
    if (failure instanceof HttpConnectTimeoutException) {
      return "UND_ERR_CONNECT_TIMEOUT";
    }
    if (find(failure, UnresolvedAddressException.class) != null
        || find(failure, UnknownHostException.class) != null) {
      return "ENOTFOUND";
    }
    if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
      return "UND_ERR_INVALID_ARG";
    }
    String text = texts(failure);
    SSLException tls = find(failure, SSLException.class);
    if (tls != null && !text.contains("connection reset")) {
      return tlsCode(text);
    }
    if (find(failure, NoRouteToHostException.class) != null) {
      return text.contains("network is unreachable") ? "ENETUNREACH" : "EHOSTUNREACH";
    }
    if (find(failure, ConnectException.class) != null) {
      return text.contains("timed out")
          ? "ETIMEDOUT"
          : text.contains("unreachable") ? "ENETUNREACH" : "ECONNREFUSED";
    }
    if (text.contains("connection reset")) {
      return "ECONNRESET";
    }
    if (text.contains("broken pipe")) {
      return "EPIPE";
    }
    if (!hasHeaders && find(failure, ProtocolException.class) != null) {
      return text.contains("status line") || text.contains("invalid response")
          ? "HPE_INVALID_CONSTANT"
          : "HPE_INVALID_HEADER_TOKEN";
    }
    return "UND_ERR_SOCKET";
  }

  private static String tlsCode(String text) {
    if (text.contains("unrecognized ssl message")) {
      return "ERR_SSL_WRONG_VERSION_NUMBER";
    }
    if (text.contains("handshake_failure")) {
      return "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE";
    }
    if (text.contains("protocol_version")) {
      return "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION";
    }
    return text.contains("terminated the handshake") || text.contains("closed")
        ? "ECONNRESET"
        : "EPROTO";
  }

  /** The address that was tried; the host, if it has none any more. */
  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      return host;
    }
  }

  private static <T> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  private static String texts(Throwable failure) {
    StringBuilder texts = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      texts.append(at.getMessage()).append('\n');
    }
    return texts.toString().toLowerCase(Locale.ROOT);
  }
}
