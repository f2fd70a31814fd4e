package org.restypolyglot.guest.js;

import org.graalvm.polyglot.HostAccess.Export;

/**
 * What {@code node:http2} is made of: sessions, each of which turns bytes of a socket into events
 * and requests into bytes. Netty is loaded with the first one.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: nothing. <b>Failure</b>: an error in JavaScript
 * for settings that HTTP/2 does not allow.
 */
public final class HostHttp2 {
  HostHttp2() {}

  /**
   * A client's session. Its preface and first SETTINGS are what it puts out first.
   *
   * @param settings the SETTINGS, "id=value" separated by commas
   * @param limits the options' numbers, in the order of {@link Http2Limits}
   */
  @Export
  public Http2Session open(String settings, String limits) {
    return new Http2Session(Http2SettingsText.parse(settings), Http2Limits.parse(limits));
  }
}
