package org.restypolyglot.guest.js;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamBufferingEncoder;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP/2 on a channel that is no socket: bytes in, bytes out, all of it at once and on the
 * caller's thread. So frames are read inside of the turn that brought them, as in Node, and nothing
 * has to be closed.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: the channel, which has no resources but memory
 * of the heap. <b>Failure</b>: none; errors are events.
 */
final class Http2Connector implements Http2Events.Refusal {
  /** How much is put into frames before the bytes are taken. */
  private static final int HIGH_WATER_MARK = 1 << 20;

  private static final int PREFACE_LENGTH = 24;
  private static final int FRAME_HEADER = 9;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int TOO_MANY_SETTINGS = -537;

  private final Http2Limits limits;
  private final Http2Connection connection;
  private final Http2HeaderCoding.Encoder headerEncoder;
  private final StreamBufferingEncoder encoder;
  private final Http2Events events;
  private final Http2Handler handler;
  private final EmbeddedChannel channel;
  private final ChannelHandlerContext context;

  /** Streams that wait until there are fewer at once. */
  private final Set<Integer> waiting = new HashSet<>();

  private long framesSent;

  Http2Connector(Http2Settings settings, Http2Limits limits) {
    this.limits = limits;
    this.connection = new DefaultHttp2Connection(false, limits.maxReservedRemoteStreams());
    try {
      this.headerEncoder = Http2HeaderCoding.Encoder.withTable(limits.maxDeflateDynamicTableSize());
    } catch (Http2Exception impossible) {
      throw new IllegalArgumentException(impossible);
    }
    long largestHeaders = limits.maxSessionMemory();
    Http2HeaderCoding.Decoder headerDecoder = new Http2HeaderCoding.Decoder(largestHeaders);
    this.events = new Http2Events(headerDecoder::neverIndexed, limits, this);
    connection
        .local()
        .flowController(
            new DefaultHttp2LocalFlowController(
                connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    Http2ConnectionEncoder plain =
        new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter(headerEncoder));
    this.encoder = new StreamBufferingEncoder(plain, limits.peerMaxConcurrentStreams());
    DefaultHttp2ConnectionDecoder decoder =
        new DefaultHttp2ConnectionDecoder(
            connection, encoder, new DefaultHttp2FrameReader(headerDecoder)) {
          @Override
          protected long calculateMaxHeaderListSizeGoAway(long maxHeaderListSize) {
            return Math.max(maxHeaderListSize, largestHeaders);
          }
        };
    decoder.frameListener(events);
    connection.addListener(events);
    this.handler = new Http2Handler(decoder, encoder, settings, events);
    this.channel = new EmbeddedChannel();
    channel.config().setAllocator(new UnpooledByteBufAllocator(false, true));
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH_WATER_MARK / 2, HIGH_WATER_MARK));
    channel.pipeline().addLast(handler);
    this.context = channel.pipeline().context(handler);
  }

  Http2Events events() {
    return events;
  }

  void receive(ByteBuf bytes, long mostInvalidFrames) {
    if (handler.isBroken()) {
      return;
    }
    handler.allowInvalidFrames(mostInvalidFrames);
    try {
      channel.writeInbound(bytes);
    } catch (RuntimeException e) { // what the handler did not expect
      handler.onConnectionError(context, false, e, null);
    }
    handler.checkInvalidFrames(context);
  }

  boolean consume(int id, int length) {
    Http2Stream stream = connection.stream(id);
    try {
      return stream != null && connection.local().flowController().consumeBytes(stream, length);
    } catch (Http2Exception e) { // more than there is: a fault of ours
      throw new IllegalStateException(e);
    }
  }

  @Nullable ByteBuffer output() {
    channel.flush();
    ByteBuf all = Unpooled.buffer(0);
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    countFrames(all);
    return all.isReadable() ? all.nioBuffer() : null;
  }

  private void countFrames(ByteBuf output) {
    int at = framesSent == 0 ? PREFACE_LENGTH : 0;
    for (; at + FRAME_HEADER <= output.readableBytes(); framesSent++) {
      at += FRAME_HEADER + output.getUnsignedMedium(at);
    }
  }

  long framesSent() {
    return framesSent;
  }

  boolean hasOutput() {
    var queued = channel.unsafe().outboundBuffer();
    return !channel.outboundMessages().isEmpty()
        || (queued != null && queued.totalPendingWriteBytes() > 0);
  }

  int openStreams() {
    return connection.numActiveStreams() + waiting.size();
  }

  @Nullable Http2Stream stream(int id) {
    return connection.stream(id);
  }

  int localWindowOf(Http2Stream stream) {
    return connection.local().flowController().windowSize(stream);
  }

  // ---- frames to send --------------------------------------------------------------------------

  void writeRequest(int id, Http2HeaderText.Outgoing outgoing, boolean end) {
    headerEncoder.markSensitive(outgoing.sensitive());
    waiting.add(id);
    ChannelFuture written =
        encoder.writeHeaders(
            context, id, outgoing.headers(), padding(0), end, context.newPromise());
    if (connection.stream(id) != null) {
      waiting.remove(id);
    }
    written.addListener(
        future -> {
          if (waiting.remove(id) && !future.isSuccess()) {
            events.closedWaiting(id, Http2Error.REFUSED_STREAM.code());
          }
        });
  }

  void writeData(int id, ByteBuf data, long number) {
    encoder
        .writeData(context, id, data, padding(data.readableBytes()), false, context.newPromise())
        .addListener(
            future -> {
              if (future.isSuccess()) {
                events.add(Http2Event.of(Http2Event.WRITTEN, id, number));
              }
            });
  }

  void writeEnd(int id) {
    if (isOpenHere(id)) {
      var unused =
          encoder.writeData(context, id, Unpooled.EMPTY_BUFFER, 0, true, context.newPromise());
    }
  }

  void writeTrailers(int id, Http2HeaderText.Outgoing outgoing) {
    if (outgoing.headers().isEmpty()) {
      writeEnd(id);
    } else if (isOpenHere(id)) {
      headerEncoder.markSensitive(outgoing.sensitive());
      var unused =
          encoder.writeHeaders(context, id, outgoing.headers(), 0, true, context.newPromise());
    }
  }

  private boolean isOpenHere(int id) {
    Http2Stream stream = connection.stream(id);
    return stream == null ? waiting.contains(id) : stream.state().localSideOpen();
  }

  private int padding(int length) {
    return limits.padding(length);
  }

  /** Resets the stream; what may be sent of it goes first. */
  void reset(int id, long code) {
    handler.flush(context);
    Http2Stream stream = connection.stream(id);
    if (stream != null && stream.state() != Http2Stream.State.CLOSED) {
      events.closesWith(id, code);
      var unused = encoder.writeRstStream(context, id, code, context.newPromise());
    } else if (waiting.remove(id)) {
      var unused = encoder.writeRstStream(context, id, code, context.newPromise());
      events.closedWaiting(id, code);
    }
  }

  void writeSettings(Http2Settings settings) {
    var unused = encoder.writeSettings(context, settings, context.newPromise());
  }

  void writePing(long data) {
    var unused = encoder.writePing(context, false, data, context.newPromise());
  }

  void writeGoaway(long code, int last, ByteBuf more) {
    int lastId = last > 0 ? last : Math.max(connection.remote().lastStreamCreated(), 0);
    var unused =
        encoder.frameWriter().writeGoAway(context, lastId, code, more, context.newPromise());
  }

  void localWindow(int size) throws Http2Exception {
    var flow = connection.local().flowController();
    Http2Stream all = connection.connectionStream();
    flow.incrementWindowSize(all, size - flow.initialWindowSize(all));
  }

  // ---- what is refused -------------------------------------------------------------------------

  @Override
  public void tooManyHeaders(int id) {
    reset(id, ENHANCE_YOUR_CALM);
  }

  @Override
  public void tooManySettings() {
    handler.fail(context, Http2Error.PROTOCOL_ERROR, TOO_MANY_SETTINGS, null);
  }

  String state(long nextStreamId) {
    var local = connection.local().flowController();
    Http2Stream all = connection.connectionStream();
    int window = local.initialWindowSize(all);
    int left = local.windowSize(all);
    int remote = connection.remote().flowController().windowSize(all);
    var queued = channel.unsafe().outboundBuffer();
    int frames = queued == null ? 0 : queued.size();
    int lastPushed = Math.max(connection.remote().lastStreamCreated(), 0);
    return String.join(
        " ",
        Integer.toString(window),
        Integer.toString(window - left),
        Long.toString(nextStreamId),
        Integer.toString(left),
        Integer.toString(lastPushed),
        Integer.toString(remote),
        Integer.toString(frames));
  }
}
