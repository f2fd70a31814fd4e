package org.restypolyglot.guest.js;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.ByteBuffer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One client's session as JavaScript drives it: bytes of the socket in, events out; requests in,
 * bytes for the socket out. What nghttp2 is to Node.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: the state of the connection, which is memory
 * only. <b>Failure</b>: what the other side does wrong is an event; a call on a stream that is
 * closed does nothing.
 */
public final class Http2Session {
  private static final int MAX_STREAM_ID = Integer.MAX_VALUE;

  /** nghttp2's number for a request that cannot be made. */
  private static final int NO_STREAM_ID = -509;

  /** nghttp2's numbers of states. */
  private static final int IDLE = 1;

  private static final int HEADERS_FRAME = 1;
  private static final int FRAME_SIZE_ERROR = 6;

  private final Http2Limits limits;
  private final Http2Connector connector;
  private final Http2Events events;
  private int nextStreamId = 1;
  private @Nullable Http2Event current;

  Http2Session(Http2Settings settings, Http2Limits limits) {
    this.limits = limits;
    this.connector = new Http2Connector(settings, limits);
    this.events = connector.events();
  }

  // ---- what came -------------------------------------------------------------------------------

  /** Bytes of the socket: {@code buffer[offset, offset + length)}. */
  @Export
  public void receive(Value buffer, int offset, int length, double mostInvalidFrames) {
    byte[] bytes = bytes(buffer, offset, length);
    connector.receive(Unpooled.wrappedBuffer(bytes), (long) mostInvalidFrames);
  }

  /** Goes to the next event; its kind, or 0 if there is none. */
  @Export
  public int next() {
    current = events.take();
    return current == null ? 0 : current.kind();
  }

  private Http2Event current() {
    if (current == null) {
      throw new IllegalStateException("no event");
    }
    return current;
  }

  @Export
  public int id() {
    return current().id();
  }

  @Export
  public double number() {
    return current().number();
  }

  @Export
  public double other() {
    return current().other();
  }

  @Export
  public @Nullable String text() {
    return current().text();
  }

  @Export
  public @Nullable ByteBuffer bytes() {
    byte[] bytes = current().bytes();
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  /** So much of a stream's data has been used; true: there is something to send now. */
  @Export
  public boolean consume(int id, int length) {
    return connector.consume(id, length);
  }

  // ---- what goes -------------------------------------------------------------------------------

  /** Puts into frames what may be sent, and gives their bytes; null: nothing. */
  @Export
  public @Nullable ByteBuffer output() {
    return connector.output();
  }

  /** Whether bytes or frames wait to be sent. */
  @Export
  public boolean hasOutput() {
    return connector.hasOutput();
  }

  /** How many streams are open, or wait for their turn. */
  @Export
  public int streams() {
    return connector.openStreams();
  }

  /**
   * A new stream.
   *
   * @param headers in the form of {@link Http2HeaderText}
   * @return its id, or nghttp2's number for why there is none
   */
  @Export
  public int request(String headers, boolean end) {
    int id = nextStreamId;
    if (id < 0) {
      return NO_STREAM_ID;
    }
    nextStreamId = id > MAX_STREAM_ID - 2 ? -1 : id + 2;
    Http2HeaderText.Outgoing outgoing = Http2HeaderText.parse(headers);
    if (outgoing.guessedLength() > limits.maxSendHeaderBlockLength()) {
      events.add(
          Http2Event.withText(Http2Event.FRAME_ERROR, id, HEADERS_FRAME, FRAME_SIZE_ERROR, null));
      events.closedWaiting(id, Http2Error.REFUSED_STREAM.code());
    } else {
      connector.writeRequest(id, outgoing, end);
    }
    return id;
  }

  /** Data of a stream; {@code WRITTEN} with that number tells when it is in frames. */
  @Export
  public void write(int id, double number, Value buffer, int offset, int length) {
    connector.writeData(id, Unpooled.wrappedBuffer(bytes(buffer, offset, length)), (long) number);
  }

  /** The stream's data ends here. */
  @Export
  public void end(int id) {
    connector.writeEnd(id);
  }

  /** The stream ends with these headers. */
  @Export
  public void trailers(int id, String headers) {
    connector.writeTrailers(id, Http2HeaderText.parse(headers));
  }

  @Export
  public void reset(int id, double code) {
    connector.reset(id, (long) code);
  }

  @Export
  public void settings(String settings) {
    connector.writeSettings(Http2SettingsText.parse(settings));
  }

  /** Eight bytes. */
  @Export
  public void ping(Value buffer, int offset, int length) {
    connector.writePing(ByteBuffer.wrap(bytes(buffer, offset, length)).getLong());
  }

  /**
   * Tells the other side the end of the session; {@code last} 0: the last stream that it opened.
   */
  @Export
  public void goaway(double code, int last, @Nullable Value buffer, int offset, int length) {
    ByteBuf more =
        buffer == null
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(bytes(buffer, offset, length));
    connector.writeGoaway((long) code, last, more);
  }

  /** The id of the next stream; false: it may not be that one. */
  @Export
  public boolean nextStreamId(double id) {
    if (id < nextStreamId || nextStreamId < 0 || id > MAX_STREAM_ID || id % 2 != 1) {
      return false;
    }
    nextStreamId = (int) id;
    return true;
  }

  /** How many bytes of all streams may be on their way here. */
  @Export
  public void localWindow(int size) throws Http2Exception {
    connector.localWindow(size);
  }

  /** How many frames came. */
  @Export
  public double framesReceived() {
    return events.framesReceived();
  }

  /** How many frames were put out. */
  @Export
  public double framesSent() {
    return connector.framesSent();
  }

  // ---- how it is -------------------------------------------------------------------------------

  /** Window, received, next id, window left, last pushed stream, remote window, queued frames. */
  @Export
  public String state() {
    return connector.state(nextStreamId < 0 ? 1L << 31 : nextStreamId);
  }

  /** State by nghttp2's number, local side closed, remote side closed, local window. */
  @Export
  public String streamState(int id) {
    Http2Stream stream = connector.stream(id);
    if (stream == null) {
      return IDLE + " 0 0 0";
    }
    Http2Stream.State state = stream.state();
    int local = state.localSideOpen() ? 0 : 1;
    int remote = state.remoteSideOpen() ? 0 : 1;
    return numberOf(state) + " " + local + " " + remote + " " + connector.localWindowOf(stream);
  }

  private static int numberOf(Http2Stream.State state) {
    return switch (state) {
      case IDLE -> IDLE;
      case OPEN -> 2;
      case RESERVED_LOCAL -> 3;
      case RESERVED_REMOTE -> 4;
      case HALF_CLOSED_LOCAL -> 5;
      case HALF_CLOSED_REMOTE -> 6;
      case CLOSED -> 7;
    };
  }

  private static byte[] bytes(Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      buffer.readBuffer(offset, bytes, 0, length);
    }
    return bytes;
  }
}
