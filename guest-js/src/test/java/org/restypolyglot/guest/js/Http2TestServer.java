package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PushPromiseFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2WindowUpdateFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server of HTTP/2 without TLS that does what a request's path says; the paths are in {@link
 * Connection#answer}.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: its threads and sockets, until {@link #close}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the client sees what fails
final class Http2TestServer implements AutoCloseable {
  private static final int CHUNK = 16_384;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel listener;
  private final Http2Settings settings;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  /** What clients did that is no answer: resets, ends. */
  final List<String> seen = new CopyOnWriteArrayList<>();

  /** How many connections there were. */
  final AtomicInteger connections = new AtomicInteger();

  /** How many bytes of {@code /flood} have left. */
  final AtomicLong flooded = new AtomicLong();

  /** How many bytes came for {@code /stall}. */
  final AtomicLong stalled = new AtomicLong();

  Http2TestServer() {
    this(new Http2Settings());
  }

  Http2TestServer(Http2Settings settings) {
    this.settings = settings;
    this.listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  private void accept(SocketChannel channel) {
    connections.incrementAndGet();
    open.add(channel);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              open.remove(channel);
              seen.add("closed");
            });
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(settings)
            .decoderEnforceMaxRstFramesPerWindow(0, 0)
            .build();
    channel.pipeline().addLast(codec, new Connection());
  }

  String url() {
    return "http://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** How many connections are open. */
  int openConnections() {
    return open.size();
  }

  void awaitSeen(String what) throws InterruptedException {
    long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!seen.contains(what)) {
      if (System.nanoTime() > limit) {
        throw new AssertionError("waiting for \"" + what + "\" in " + seen);
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Connection extends Http2ChannelDuplexHandler {
    private final Map<Integer, Integer> received = new HashMap<>();
    private final Map<Integer, String> paths = new HashMap<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof Http2StreamFrame frame) {
          read(context, frame);
        } else if (message instanceof Http2SettingsFrame frame) {
          seen.add("push " + frame.settings().pushEnabled());
        } else if (message instanceof Http2GoAwayFrame frame) {
          seen.add("goaway " + frame.errorCode() + " " + frame.content().toString(UTF_8));
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void read(ChannelHandlerContext context, Http2StreamFrame frame) {
      int id = frame.stream() == null ? 0 : frame.stream().id();
      switch (frame) {
        case Http2HeadersFrame headers when paths.containsKey(id) ->
            respond(context, frame, "trailers " + text(headers.headers(), "x-end"));
        case Http2HeadersFrame headers -> {
          paths.put(id, headers.headers().path().toString());
          answer(context, headers, paths.get(id));
        }
        case Http2DataFrame data -> readData(context, data, paths.getOrDefault(id, ""));
        case Http2ResetFrame reset -> seen.add("reset " + reset.errorCode());
        case Http2WindowUpdateFrame update -> {}
        case Http2PriorityFrame priority -> seen.add("priority");
        default -> seen.add(frame.name());
      }
    }

    private void answer(ChannelHandlerContext context, Http2HeadersFrame request, String path) {
      Http2Headers headers = request.headers();
      switch (path.split("\\?", 2)[0]) {
        case "/hello" -> respond(context, request, "hello " + headers.method());
        case "/headers" -> respond(context, request, headers.toString());
        case "/echo" -> context.writeAndFlush(headers(request, ok()));
        case "/never", "/stall", "/count", "/upload" -> {}
        case "/reset" -> {
          long code = Long.parseLong(path.substring(path.indexOf('?') + 1));
          context.writeAndFlush(new DefaultHttp2ResetFrame(code).stream(request.stream()));
        }
        case "/half" -> {
          context.write(headers(request, ok()));
          context.write(data(request, "half", false));
          context.flush();
          context
              .executor()
              .schedule(
                  () ->
                      context.writeAndFlush(
                          new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR)
                              .stream(request.stream())),
                  100,
                  TimeUnit.MILLISECONDS);
        }
        case "/trailers" -> {
          context.write(headers(request, ok()));
          context.write(data(request, "body", false));
          Http2Headers end = new DefaultHttp2Headers().add("x-end", "1").add("x-end", "2");
          context.writeAndFlush(new DefaultHttp2HeadersFrame(end, true).stream(request.stream()));
        }
        case "/info" -> {
          context.write(headers(request, new DefaultHttp2Headers().status("103").add("link", "a")));
          respond(context, request, "after");
        }
        case "/cookies" ->
            context.writeAndFlush(
                headers(request, ok().add("set-cookie", "a=1").add("set-cookie", "b=2")));
        case "/many-headers" -> {
          Http2Headers many = ok();
          for (int i = 0; i < 200; i++) {
            many.add("x-" + i, "v");
          }
          context.writeAndFlush(new DefaultHttp2HeadersFrame(many, true).stream(request.stream()));
        }
        case "/flood" -> {
          context.write(headers(request, ok()));
          flood(context, request, Long.parseLong(path.substring(path.indexOf('?') + 1)));
        }
        case "/push" -> push(context, request);
        case "/goaway" -> {
          respond(context, request, "last");
          context.writeAndFlush(
              new DefaultHttp2GoAwayFrame(
                  Long.parseLong(path.substring(path.indexOf('?') + 1)),
                  Unpooled.copiedBuffer("why", UTF_8)));
        }
        case "/close" -> context.close();
        default -> context.writeAndFlush(headers(request, new DefaultHttp2Headers().status("404")));
      }
    }

    private void readData(ChannelHandlerContext context, Http2DataFrame data, String path) {
      Http2FrameStream stream = data.stream();
      int length = data.initialFlowControlledBytes();
      if (path.equals("/stall")) {
        stalled.addAndGet(length); // and the window stays as it is
        return;
      }
      context.write(new DefaultHttp2WindowUpdateFrame(length).stream(stream));
      if (path.equals("/echo")) {
        ByteBuf copy = data.content().copy();
        context.write(new DefaultHttp2DataFrame(copy, data.isEndStream()).stream(stream));
      } else {
        int sum = received.merge(stream.id(), data.content().readableBytes(), Integer::sum);
        if (data.isEndStream()) {
          respond(context, data, "received " + sum);
        }
      }
      context.flush();
    }

    private void flood(ChannelHandlerContext context, Http2HeadersFrame request, long left) {
      int length = (int) Math.min(left, CHUNK);
      ByteBuf bytes = Unpooled.buffer(length).writeZero(length);
      context
          .writeAndFlush(new DefaultHttp2DataFrame(bytes, left == length).stream(request.stream()))
          .addListener(
              written -> {
                flooded.addAndGet(length);
                if (written.isSuccess() && left > length) {
                  flood(context, request, left - length);
                }
              });
    }

    private void push(ChannelHandlerContext context, Http2HeadersFrame request) {
      Http2Headers promised =
          new DefaultHttp2Headers()
              .method("GET")
              .scheme("http")
              .authority("localhost")
              .path("/pushed");
      Http2FrameStream stream = newStream();
      context
          .writeAndFlush(
              new DefaultHttp2PushPromiseFrame(promised)
                  .pushStream(stream).stream(request.stream()))
          .addListener(
              sent -> {
                if (sent.isSuccess()) {
                  context.write(
                      new DefaultHttp2HeadersFrame(ok().add("x-pushed", "1"), false)
                          .stream(stream));
                  context.write(
                      new DefaultHttp2DataFrame(Unpooled.copiedBuffer("pushed", UTF_8), true)
                          .stream(stream));
                }
                respond(context, request, sent.isSuccess() ? "main" : "no push");
              });
    }

    private static void respond(
        ChannelHandlerContext context, Http2StreamFrame request, String text) {
      context.write(headers(request, ok().add("content-type", "text/plain")));
      context.writeAndFlush(data(request, text, true));
    }

    private static Http2Headers ok() {
      return new DefaultHttp2Headers().status("200");
    }

    private static DefaultHttp2HeadersFrame headers(
        Http2StreamFrame request, Http2Headers headers) {
      boolean end = headers.status() != null && headers.contains("set-cookie");
      DefaultHttp2HeadersFrame frame =
          new DefaultHttp2HeadersFrame(headers, end || "404".contentEquals(headers.status()));
      frame.stream(request.stream());
      return frame;
    }

    private static Http2Frame data(Http2StreamFrame request, String text, boolean end) {
      ByteBuf bytes = Unpooled.copiedBuffer(text, UTF_8);
      return new DefaultHttp2DataFrame(bytes, end).stream(request.stream());
    }

    private static String text(Http2Headers headers, String name) {
      CharSequence value = headers.get(name);
      return value == null ? "none" : value.toString();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      seen.add("error " + cause.getMessage());
    }
  }
}
