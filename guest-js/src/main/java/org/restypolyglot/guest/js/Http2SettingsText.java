package org.restypolyglot.guest.js;

import io.netty.handler.codec.http2.Http2Settings;
import java.util.stream.Collectors;

/**
 * SETTINGS as text: "id=value" separated by commas.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link IllegalArgumentException} for a value that its
 * setting may not have.
 */
final class Http2SettingsText {
  private Http2SettingsText() {}

  static Http2Settings parse(String text) {
    Http2Settings settings = new Http2Settings();
    if (!text.isEmpty()) {
      for (String entry : text.split(",", -1)) {
        int equals = entry.indexOf('=');
        settings.put(
            (char) Integer.parseInt(entry.substring(0, equals)),
            Long.valueOf(entry.substring(equals + 1)));
      }
    }
    return settings;
  }

  static String text(Http2Settings settings) {
    return settings.entrySet().stream()
        .map(entry -> (int) entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
