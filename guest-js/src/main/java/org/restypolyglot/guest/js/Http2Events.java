package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the frames that were read mean for a client, in their order, until it is taken.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: the events. <b>Failure</b>: none; frames of
 * ALTSVC and ORIGIN that are broken are left out, as RFC 7838 and RFC 8336 say.
 */
final class Http2Events extends Http2EventAdapter {
  /** Categories of headers, by nghttp2's numbers. */
  private static final int PUSH_PROMISE = 0;

  private static final int RESPONSE = 1;
  private static final int PUSH_RESPONSE = 2;
  private static final int MORE_HEADERS = 3;

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int ALTSVC_FRAME = 0xa;
  private static final int ORIGIN_FRAME = 0xc;
  private static final int REFUSED_STREAM = 7;

  private final Queue<Http2Event> events = new ArrayDeque<>();

  /** With which code streams are about to close, by their id. */
  private final Map<Integer, Long> codes = new HashMap<>();

  /** Streams whose first headers have come. */
  private final Set<Integer> answered = new HashSet<>();

  private final Supplier<Set<Integer>> neverIndexed;
  private final Http2Limits limits;
  private long emptyFrames;
  private long framesReceived;

  /** The last stream that the other side will answer. */
  private int goneAfter = Integer.MAX_VALUE;

  /**
   * What is to be done with a stream that has too many headers, or a session of too many settings.
   */
  interface Refusal {
    void tooManyHeaders(int id);

    void tooManySettings();
  }

  private final Refusal refusal;

  Http2Events(Supplier<Set<Integer>> neverIndexed, Http2Limits limits, Refusal refusal) {
    this.neverIndexed = neverIndexed;
    this.limits = limits;
    this.refusal = refusal;
  }

  @Nullable Http2Event take() {
    return events.poll();
  }

  void add(Http2Event event) {
    events.add(event);
  }

  /** The stream closes with this code, if it has none yet. */
  void closesWith(int id, long code) {
    codes.putIfAbsent(id, code);
  }

  /** Closed without the connection's having known of it: it was waiting for its turn. */
  void closedWaiting(int id, long code) {
    events.add(Http2Event.of(Http2Event.CLOSE, id, code));
  }

  /** How many frames of DATA were empty and not the last. */
  long emptyFrames() {
    return emptyFrames;
  }

  long framesReceived() {
    return framesReceived;
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int id, int increment) {
    framesReceived++;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end) {
    framesReceived++;
    int length = data.readableBytes();
    if (length == 0 && !end) {
      emptyFrames++;
    } else {
      byte[] bytes = ByteBufUtil.getBytes(data, data.readerIndex(), length, true);
      events.add(Http2Event.withBytes(Http2Event.DATA, id, end ? END_STREAM : 0, 0, bytes));
    }
    return padding;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end) {
    framesReceived++;
    boolean pushed = id % 2 == 0;
    int category = !answered.add(id) ? MORE_HEADERS : pushed ? PUSH_RESPONSE : RESPONSE;
    addHeaders(id, headers, category, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependsOn,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(context, id, headers, padding, end);
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext context, int id, int promised, Http2Headers headers, int padding) {
    framesReceived++;
    addHeaders(promised, headers, PUSH_PROMISE, false);
  }

  private void addHeaders(int id, Http2Headers headers, int category, boolean end) {
    if (headers.size() > limits.maxHeaderListPairs()) {
      refusal.tooManyHeaders(id);
      return;
    }
    int flags = END_HEADERS | (end ? END_STREAM : 0);
    String text = Http2HeaderText.text(headers, neverIndexed.get());
    events.add(Http2Event.withText(Http2Event.HEADERS, id, flags, category, text));
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int id, int dependsOn, short weight, boolean exclusive) {
    framesReceived++;
    int shown = exclusive ? -weight : weight;
    events.add(Http2Event.withText(Http2Event.PRIORITY, id, dependsOn, shown, null));
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int id, long code) {
    framesReceived++;
    closesWith(id, code);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
    framesReceived++;
    if (settings.size() > limits.maxSettings()) {
      refusal.tooManySettings();
      return;
    }
    String text = Http2SettingsText.text(settings);
    events.add(Http2Event.withText(Http2Event.SETTINGS, 0, 0, 0, text));
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) {
    framesReceived++;
    events.add(Http2Event.of(Http2Event.SETTINGS_ACK, 0, 0));
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) {
    framesReceived++;
    events.add(Http2Event.withBytes(Http2Event.PING, 0, 0, 0, eightBytes(data)));
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) {
    framesReceived++;
    events.add(Http2Event.withBytes(Http2Event.PING_ACK, 0, 0, 0, eightBytes(data)));
  }

  private static byte[] eightBytes(long data) {
    return ByteBuffer.allocate(Long.BYTES).putLong(data).array();
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext context, int lastStreamId, long code, ByteBuf more) {
    framesReceived++;
    byte[] bytes =
        more.isReadable()
            ? ByteBufUtil.getBytes(more, more.readerIndex(), more.readableBytes(), true)
            : null;
    events.add(Http2Event.withBytes(Http2Event.GOAWAY, 0, code, lastStreamId, bytes));
  }

  /** Streams that the other side has not seen close with the next events. */
  @Override
  public void onGoAwayReceived(int lastStreamId, long code, ByteBuf more) {
    goneAfter = lastStreamId;
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    int id = stream.id();
    Long code = codes.remove(id);
    boolean unseen = id % 2 == 1 && id > goneAfter;
    answered.remove(id);
    events.add(
        Http2Event.of(Http2Event.CLOSE, id, code != null ? code : unseen ? REFUSED_STREAM : 0));
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int id, Http2Flags flags, ByteBuf payload) {
    framesReceived++;
    switch (type) {
      case ALTSVC_FRAME -> readAltsvc(id, payload);
      case ORIGIN_FRAME -> readOrigins(id, payload);
      default -> {} // an extension that we do not know
    }
  }

  private void readAltsvc(int id, ByteBuf payload) {
    if (payload.readableBytes() < Short.BYTES) {
      return;
    }
    int length = payload.readUnsignedShort();
    if (length > payload.readableBytes() || (id == 0) != (length > 0)) {
      return;
    }
    String origin = payload.readCharSequence(length, ISO_8859_1).toString();
    String value = payload.readCharSequence(payload.readableBytes(), ISO_8859_1).toString();
    events.add(Http2Event.withText(Http2Event.ALTSVC, id, 0, 0, origin + '\0' + value));
  }

  private void readOrigins(int id, ByteBuf payload) {
    StringJoiner origins = new StringJoiner("\0");
    while (payload.readableBytes() >= Short.BYTES) {
      int length = payload.readUnsignedShort();
      if (length > payload.readableBytes()) {
        return;
      }
      origins.add(payload.readCharSequence(length, ISO_8859_1));
    }
    if (id == 0) {
      events.add(Http2Event.withText(Http2Event.ORIGIN, 0, 0, 0, origins.toString()));
    }
  }
}
