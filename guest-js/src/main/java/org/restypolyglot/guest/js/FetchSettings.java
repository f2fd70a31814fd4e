package org.restypolyglot.guest.js;

import java.util.Map;

/**
 * System properties of the JDK's HTTP client. It reads them once, so they are set before any guest
 * runs.
 *
 * <p><b>Threads</b>: any.
 */
final class FetchSettings {
  private static final Map<String, String> VALUES =
      Map.of(
          "jdk.httpclient.allowRestrictedHeaders", "connection,host",
          // Seconds an idle connection is kept: as undici does it.
          "jdk.httpclient.keepalive.timeout", "4",
          "jdk.httpclient.keepalive.timeout.h2", "60",
          // Bytes on their way to a reader who is slow: of one stream, of all of a connection.
          "jdk.httpclient.windowsize", "1048576",
          "jdk.httpclient.connectionWindowSize", "16777216");

  private FetchSettings() {}

  /** Sets those that are not set already. */
  static void apply() {
    VALUES.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
