package org.restypolyglot.guest.js;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a socket's pipeline: keeps what has arrived until JavaScript takes it, and
 * asks for more while JavaScript reads and there is not too much of it here.
 *
 * <p><b>Threads</b>: handler methods on the event loop, {@link #start}, {@link #stop} and {@link
 * #take} on the guest thread; the queue is guarded by this object. <b>Owns</b>: the bytes that
 * wait. <b>Failure</b>: is a number in the queue, behind the bytes that came before it.
 */
final class SocketReader extends ChannelInboundHandlerAdapter {
  /** What may wait here before no more is asked for. */
  private static final int MAX_WAITING_BYTES = 256 * 1024;

  /** The most that JavaScript gets at once, as much as libuv gives. */
  private static final int MAX_TAKEN_BYTES = 64 * 1024;

  private final Runnable readable;
  private final ToIntFunction<Throwable> numberOf;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int end;
  private boolean reading;
  private boolean told;
  private @Nullable Channel channel;

  /**
   * @param readable called on any thread, when there is something to take and somebody reads
   * @param numberOf the number of a failure; 0 where that is told elsewhere
   */
  SocketReader(Runnable readable, ToIntFunction<Throwable> numberOf) {
    this.readable = readable;
    this.numberOf = numberOf;
  }

  // ---- the guest thread -------------------------------------------------------------------------

  void start() {
    Channel from;
    boolean tell;
    synchronized (this) {
      reading = true;
      tell = tells();
      from = channel;
    }
    if (tell) {
      readable.run();
    }
    if (from != null) {
      from.eventLoop().execute(() -> request(from));
    }
  }

  synchronized void stop() {
    reading = false;
    told = false;
  }

  /** Bytes, or the number of the failure or of the end behind them; null: nothing more for now. */
  @Nullable Object take() {
    Channel from;
    byte[] taken;
    synchronized (this) {
      if (!reading || waiting.isEmpty()) {
        told = false;
        if (!reading || end == 0) {
          return null;
        }
        int number = end;
        end = SocketErrors.EOF;
        reading = false;
        return number;
      }
      boolean wasFull = waitingBytes >= MAX_WAITING_BYTES;
      taken = join();
      from = wasFull && waitingBytes < MAX_WAITING_BYTES ? channel : null;
    }
    if (from != null) {
      from.eventLoop().execute(() -> request(from));
    }
    return ByteBuffer.wrap(taken);
  }

  private byte[] join() {
    byte[] first = waiting.remove();
    int length = first.length;
    List<byte[]> more = new ArrayList<>();
    for (byte[] next = waiting.peek();
        next != null && length + next.length <= MAX_TAKEN_BYTES;
        next = waiting.peek()) {
      more.add(waiting.remove());
      length += next.length;
    }
    waitingBytes -= length;
    if (more.isEmpty()) {
      return first;
    }
    ByteBuffer all = ByteBuffer.allocate(length).put(first);
    more.forEach(all::put);
    return all.array();
  }

  // ---- the event loop ---------------------------------------------------------------------------

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    synchronized (this) {
      channel = context.channel();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    request(context.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf buffer && buffer.isReadable()) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        synchronized (this) {
          waiting.add(bytes);
          waitingBytes += bytes.length;
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    tell();
    request(context.channel());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      end(SocketErrors.EOF);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(SocketErrors.EOF);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    int number = numberOf.applyAsInt(failure);
    if (number != 0) {
      end(number);
    }
  }

  /** Nothing comes any more. Any thread. */
  void end(int number) {
    synchronized (this) {
      if (end == 0) {
        end = number;
      }
    }
    tell();
  }

  /** What has not been taken, in order; it is the caller's from here on. */
  synchronized List<byte[]> drain() {
    List<byte[]> all = new ArrayList<>(waiting);
    waiting.clear();
    waitingBytes = 0;
    return all;
  }

  /** Gives what has not been taken to the next handler. */
  void passTo(ChannelHandlerContext place) {
    stop();
    List<byte[]> all = drain();
    all.forEach(bytes -> place.fireChannelRead(Unpooled.wrappedBuffer(bytes)));
    if (!all.isEmpty()) {
      place.fireChannelReadComplete();
    }
    if (hasEnded()) {
      ChannelFuture unused = place.close();
    }
  }

  private synchronized boolean hasEnded() {
    return end != 0;
  }

  private void tell() {
    boolean tell;
    synchronized (this) {
      tell = tells();
    }
    if (tell) {
      readable.run();
    }
  }

  private boolean tells() {
    if (told || !reading || (waiting.isEmpty() && end == 0)) {
      return false;
    }
    told = true;
    return true;
  }

  private void request(Channel from) {
    boolean wanted;
    synchronized (this) {
      wanted = reading && end == 0 && waitingBytes < MAX_WAITING_BYTES;
    }
    if (wanted && from.isActive()) {
      from.read();
    }
  }
}
