package org.restypolyglot.guest.js;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Netty's handler of a connection, with errors told as events in nghttp2's numbers. It never closes
 * the channel: what becomes of the socket is the library's decision.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: an error of the connection is an event, and
 * GOAWAY to the other side.
 */
final class Http2Handler extends Http2ConnectionHandler {
  /** nghttp2's numbers of errors that end a session. */
  static final int PROTOCOL = -505;

  private static final int STREAM_CLOSED = -510;
  private static final int FRAME_SIZE = -522;
  private static final int HEADER_COMPRESSION = -523;
  private static final int FLOW_CONTROL = -524;
  private static final int CALLBACK_FAILURE = -902;
  private static final int FLOODED = -904;

  private final Http2Events events;
  private long invalidFrames;
  private long mostInvalidFrames;
  private boolean broken;

  Http2Handler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Http2Events events) {
    super(decoder, encoder, settings);
    this.events = events;
  }

  /** How many frames may be wrong before the session ends. */
  void allowInvalidFrames(long most) {
    mostInvalidFrames = most;
  }

  /** Whether an error has ended the session. */
  boolean isBroken() {
    return broken;
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    Http2Error code = error == null ? Http2Error.INTERNAL_ERROR : error.error();
    fail(context, code, numberOf(code), null);
  }

  /** Ends the session with an error. */
  void fail(ChannelHandlerContext context, Http2Error code, int number, @Nullable String name) {
    if (broken) {
      return;
    }
    broken = true;
    var unused =
        frameWriter()
            .writeGoAway(
                context,
                connection().remote().lastStreamCreated(),
                code.code(),
                Unpooled.EMPTY_BUFFER,
                context.newPromise());
    events.add(Http2Event.withText(Http2Event.ERROR, 0, number, 0, name));
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    Http2Error code = error instanceof HeaderListSizeException ? ENHANCE_YOUR_CALM : error.error();
    events.closesWith(error.streamId(), code.code());
    var unused = resetStream(context, error.streamId(), code.code(), context.newPromise());
    if (!outbound) {
      invalidFrames++;
      checkInvalidFrames(context);
    }
  }

  /** Ends the session when there were too many frames that are wrong, or empty. */
  void checkInvalidFrames(ChannelHandlerContext context) {
    if (invalidFrames + events.emptyFrames() > mostInvalidFrames + 1) {
      fail(context, ENHANCE_YOUR_CALM, CALLBACK_FAILURE, "ERR_HTTP2_TOO_MANY_INVALID_FRAMES");
    }
  }

  private static int numberOf(Http2Error code) {
    return switch (code) {
      case PROTOCOL_ERROR -> PROTOCOL;
      case STREAM_CLOSED -> STREAM_CLOSED;
      case FRAME_SIZE_ERROR -> FRAME_SIZE;
      case COMPRESSION_ERROR -> HEADER_COMPRESSION;
      case FLOW_CONTROL_ERROR -> FLOW_CONTROL;
      case ENHANCE_YOUR_CALM -> FLOODED;
      default -> CALLBACK_FAILURE;
    };
  }
}
