package org.restypolyglot.guest.js;

import java.util.Map;

/**
 * System properties of the JDK's HTTP client. It reads them once, so they are set before any guest
 * runs.
 *
 * <p><b>Threads</b>: any.
 */
final class FetchSettings {
  /** What a server may send of a response that nobody asks for. */
  static final int WINDOW_BYTES = 256 * 1024;

  private static final Map<String, String> VALUES =
      Map.of(
          "jdk.httpclient.allowRestrictedHeaders", "connection,host",
          // Seconds an idle connection is kept: as undici does it.
          "jdk.httpclient.keepalive.timeout", "4",
          "jdk.httpclient.keepalive.timeout.h2", "60",
          // Of one stream, and of all of a connection.
          "jdk.httpclient.windowsize", Integer.toString(WINDOW_BYTES),
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
