package org.restypolyglot.guest.js;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a socket's channel is made and changed: its reader is the last handler, layers of TLS are in
 * front of it.
 *
 * <p><b>Threads</b>: {@link #bootstrap} on any, the rest on the event loop. <b>Owns</b>: nothing.
 * <b>Failure</b>: goes through the pipeline, or to the future.
 */
final class SocketPipeline {
  /** As libuv reads. */
  private static final int RECEIVE_BYTES = 64 * 1024;

  private SocketPipeline() {}

  static Bootstrap bootstrap(Supplier<Channel> newChannel, ChannelHandler reader) {
    return new Bootstrap()
        .group(NetLoop.group())
        .channelFactory(() -> halfClosing(newChannel.get(), true))
        .disableResolver()
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the system's
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
        .handler(reader);
  }

  /** Whether the end of what comes in leaves the channel open; Netty closes a pipe all the same. */
  private static Channel halfClosing(Channel channel, boolean on) {
    ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(on);
    return channel;
  }

  /** Other handlers in place of the reader; they get what has not been taken from it. */
  static void replace(Channel channel, SocketReader reader, ChannelHandler... handlers) {
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext place = pipeline.context(reader);
    if (place == null) {
      return; // it is closed
    }
    halfClosing(channel, false).config().setAutoClose(true);
    pipeline.addLast(handlers);
    reader.passTo(place);
    pipeline.remove(reader);
    channel.config().setAutoRead(true);
  }

  /**
   * TLS in front of the reader; what has not been taken from that goes through it.
   *
   * @param before what has been taken, and is TLS all the same
   */
  static void insert(
      Channel channel, SocketReader reader, SslHandler handler, List<byte[]> before) {
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext place = pipeline.context(reader);
    if (place == null) {
      return; // it is closed
    }
    List<byte[]> arrived = new ArrayList<>(before);
    arrived.addAll(reader.drain());
    pipeline.addBefore(place.name(), null, handler);
    ChannelHandlerContext own = pipeline.context(handler);
    try {
      for (byte[] bytes : arrived) {
        handler.channelRead(own, Unpooled.wrappedBuffer(bytes));
      }
      handler.channelReadComplete(own);
    } catch (Exception failure) {
      own.fireExceptionCaught(failure);
    }
  }

  /** Says goodbye in each layer of TLS, the last one first, and ends this side's direction. */
  static ChannelFuture endOutput(Channel channel) {
    List<SslHandler> layers = new ArrayList<>();
    channel
        .pipeline()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof SslHandler layer) {
                layers.addFirst(layer);
              }
            });
    for (SslHandler layer : layers) {
      ChannelFuture unused = layer.closeOutbound();
    }
    ChannelPromise done = channel.newPromise();
    ChannelFuture unused =
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                goodbye -> {
                  ChannelFuture unusedSame = ((DuplexChannel) channel).shutdownOutput(done);
                });
    return done;
  }
}
