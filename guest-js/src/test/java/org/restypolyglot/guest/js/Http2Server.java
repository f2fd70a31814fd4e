package org.restypolyglot.guest.js;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/2 server over TLS that echoes bodies; /silent sends its headers only. */
final class Http2Server implements AutoCloseable {
  /** The client has given up a stream. */
  final CountDownLatch reset = new CountDownLatch(1);

  final AtomicInteger connections = new AtomicInteger();

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;

  Http2Server(TestKeys keys) throws Exception {
    SslContext tls =
        SslContextBuilder.forServer(keys.managers())
            .sslProvider(SslProvider.JDK)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    "h2"))
            .build();
    channel =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connections.incrementAndGet();
                    connection
                        .pipeline()
                        .addLast(
                            tls.newHandler(connection.alloc()),
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(streams()));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  private ChannelInitializer<Channel> streams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        stream.pipeline().addLast(new Echo());
      }
    };
  }

  private final class Echo extends ChannelDuplexHandler {
    private boolean isSilent;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      switch (message) {
        case Http2HeadersFrame headers -> {
          isSilent = headers.headers().path().toString().startsWith("/silent");
          var answer = new DefaultHttp2Headers().status("200");
          answer.add("x-path", headers.headers().path());
          send(context, new DefaultHttp2HeadersFrame(answer));
          if (headers.isEndStream() && !isSilent) {
            send(context, new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
          }
        }
        case Http2DataFrame data ->
            send(context, new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
        case Http2ResetFrame ignored -> reset.countDown();
        default -> ReferenceCountUtil.release(message);
      }
    }

    private void send(ChannelHandlerContext context, Object frame) {
      var unused = context.writeAndFlush(frame);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame) {
        reset.countDown();
      }
      context.fireUserEventTriggered(event);
    }
  }

  String url(String path) {
    return "https://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort() + path;
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
