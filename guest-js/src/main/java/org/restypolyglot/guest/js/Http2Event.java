package org.restypolyglot.guest.js;

import org.jspecify.annotations.Nullable;

/**
 * Something that a session has to tell; {@code http2-events.js} knows the kinds by these numbers.
 *
 * @param kind one of the constants
 * @param id the stream; 0: the session
 * @param number a code, flags, or what the kind says
 * @param other a second number
 * @param text headers, settings, a code's name
 * @param bytes data, for the one who takes the event
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Http2Event(
    int kind, int id, long number, long other, @Nullable String text, byte @Nullable [] bytes) {
  /** {@code text}: headers; {@code number}: flags; {@code other}: category. */
  static final int HEADERS = 1;

  /** {@code bytes}; {@code number}: 1 for the last ones. */
  static final int DATA = 2;

  /** {@code number}: the error's code. */
  static final int CLOSE = 3;

  /** {@code text}: the other side's settings. */
  static final int SETTINGS = 4;

  static final int SETTINGS_ACK = 5;

  /** {@code bytes}: eight. */
  static final int PING = 6;

  /** {@code bytes}: eight. */
  static final int PING_ACK = 7;

  /** {@code number}: the error's code; {@code other}: the last stream; {@code bytes}: more. */
  static final int GOAWAY = 8;

  /** {@code number}: the stream it depends on; {@code other}: weight, negative: exclusive. */
  static final int PRIORITY = 9;

  /** {@code text}: origin, NUL, value. */
  static final int ALTSVC = 10;

  /** {@code text}: origins, separated by NUL. */
  static final int ORIGIN = 11;

  /** {@code number}: which write of the stream it was that is in frames now. */
  static final int WRITTEN = 12;

  /** The session is broken. {@code number}: nghttp2's code; {@code text}: Node's, if it has one. */
  static final int ERROR = 13;

  /** A frame cannot be sent. {@code number}: its type; {@code other}: the error's code. */
  static final int FRAME_ERROR = 14;

  static Http2Event of(int kind, int id, long number) {
    return new Http2Event(kind, id, number, 0, null, null);
  }

  static Http2Event withText(int kind, int id, long number, long other, @Nullable String text) {
    return new Http2Event(kind, id, number, other, text, null);
  }

  static Http2Event withBytes(int kind, int id, long number, long other, byte @Nullable [] bytes) {
    return new Http2Event(kind, id, number, other, null, bytes);
  }
}
