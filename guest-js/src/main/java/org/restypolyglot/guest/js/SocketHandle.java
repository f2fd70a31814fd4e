package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.SocketErrors.ECANCELED;
import static org.restypolyglot.guest.js.SocketErrors.ENOTCONN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a program: what is a {@code TCP} or a {@code Pipe} in Node, on a channel of
 * Netty's. Its numbers are libuv's: 0 is fine, a failure is below 0.
 *
 * <p><b>Threads</b>: exported methods on the guest thread; {@link #channel} and {@link #takeOver}
 * on any. <b>Owns</b>: the channel, until {@link #close}, which comes with the context at the
 * latest. <b>Failure</b>: a number, returned or given to the callback.
 */
public final class SocketHandle implements AutoCloseable {
  private final HostLoop loop;
  private final SocketReader reader;
  private volatile Value readable;
  private volatile @Nullable TlsHandle tls;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final List<ByteBuf> staged = new ArrayList<>();
  private @Nullable SocketChannel bound;
  private volatile @Nullable Channel channel;
  private volatile boolean closed;

  /**
   * @param readable called in the context when {@link #take} has something
   */
  SocketHandle(HostLoop loop, Value readable) {
    this.loop = loop;
    this.readable = readable;
    this.reader = new SocketReader(() -> loop.enter(this.readable), this::failed);
  }

  /** What came in the way of reading, as a number; 0: it is told elsewhere. */
  private int failed(Throwable failure) {
    TlsHandle top = tls;
    return top != null && top.failed(failure) ? 0 : SocketErrors.of(failure);
  }

  // ---- for other parts of Java ------------------------------------------------------------------

  /** The channel, with TLS in its pipeline where that was started; null before it is connected. */
  @Nullable Channel channel() {
    return channel;
  }

  /**
   * Another one than JavaScript reads from here on: {@code handlers} take the place of the last
   * handler, and get what JavaScript has not taken. The channel then reads by itself. It is closed
   * as before, by {@link #close}.
   */
  void takeOver(ChannelHandler... handlers) {
    Channel connected = channel;
    if (connected == null) {
      throw new IllegalStateException("the socket is not connected");
    }
    connected.eventLoop().execute(() -> SocketPipeline.replace(connected, reader, handlers));
  }

  /**
   * Puts TLS behind what is in the pipeline; what has arrived and was not taken goes through it.
   */
  void startTls(TlsHandle layer, SslHandler handler, List<byte[]> before) {
    Channel connected = channel;
    if (connected == null) {
      throw new IllegalStateException("the socket is not connected");
    }
    tls = layer;
    connected.eventLoop().execute(() -> SocketPipeline.insert(connected, reader, handler, before));
  }

  boolean isClosed() {
    return closed;
  }

  // ---- connecting -------------------------------------------------------------------------------

  /** The own address; the family is that of the address. */
  @Export
  public int bind(String address, int port) {
    if (bound != null || channel != null) {
      return SocketErrors.EINVAL;
    }
    try {
      InetAddress own = InetAddress.ofLiteral(address);
      SocketChannel socket = open(own instanceof Inet6Address);
      bound = socket;
      loop.own(this);
      socket.bind(new InetSocketAddress(own, port));
      return 0;
    } catch (IOException | RuntimeException failure) {
      return SocketErrors.of(failure);
    }
  }

  /** Returns at once; {@code done} gets the number. */
  @Export
  public int connect(String address, int port, boolean isV6, Value done) {
    InetAddress remote;
    try {
      remote = InetAddress.ofLiteral(address);
      if (bound == null) {
        bound = open(isV6);
      }
    } catch (IOException | RuntimeException failure) {
      return SocketErrors.of(failure);
    }
    SocketChannel socket = bound;
    return connect(() -> new NioSocketChannel(socket), new InetSocketAddress(remote, port), done);
  }

  /** To a socket in the file system. */
  @Export
  public int connectPath(String path, Value done) {
    try {
      SocketAddress remote = UnixDomainSocketAddress.of(path);
      SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
      bound = socket;
      return connect(() -> new NioDomainSocketChannel(socket), remote, done);
    } catch (IOException | RuntimeException failure) {
      return SocketErrors.of(failure);
    }
  }

  private static SocketChannel open(boolean isV6) throws IOException {
    ProtocolFamily family = isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    return SocketChannel.open(family);
  }

  private int connect(Supplier<Channel> newChannel, SocketAddress remote, Value done) {
    if (closed) {
      return SocketErrors.EBADF;
    }
    if (channel != null) {
      return SocketErrors.EISCONN;
    }
    ChannelFuture connecting = SocketPipeline.bootstrap(newChannel, reader).connect(remote);
    channel = connecting.channel();
    loop.own(this);
    connecting.addListener(future -> loop.enter(done, numberOf(future.cause())));
    return 0;
  }

  /** Has a connection from here on. */
  void attach(SocketChannel connected) {
    bound = connected;
    channel =
        SocketPipeline.bootstrap(() -> new NioSocketChannel(connected), reader)
            .register()
            .channel();
    loop.own(this);
  }

  private int numberOf(@Nullable Throwable failure) {
    if (failure == null) {
      return 0;
    }
    return closed ? ECANCELED : SocketErrors.of(failure);
  }

  // ---- data -------------------------------------------------------------------------------------

  /** Another one than before is told that there is something to take. */
  @Export
  public void readWith(Value function) {
    readable = function;
  }

  @Export
  public int readStart() {
    if (channel == null) {
      return ENOTCONN;
    }
    reader.start();
    return 0;
  }

  @Export
  public void readStop() {
    reader.stop();
  }

  /** A ByteBuffer, a number (the failure, or EOF), or null: nothing now. */
  @Export
  public @Nullable Object take() {
    return reader.take();
  }

  /** Bytes for the next {@link #send}. */
  @Export
  public void stage(Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      buffer.readBuffer(offset, bytes, 0, length);
    }
    staged.add(Unpooled.wrappedBuffer(bytes));
  }

  /** Writes what was staged; {@code done} gets the number when the system has taken it. */
  @Export
  public int send(Value done) {
    ByteBuf all = Unpooled.wrappedBuffer(staged.size(), staged.toArray(ByteBuf[]::new));
    staged.clear();
    Channel to = channel;
    if (closed || to == null) {
      all.release();
      return closed ? SocketErrors.EBADF : SocketErrors.EPIPE;
    }
    int length = all.readableBytes();
    queuedBytes.addAndGet(length);
    to.writeAndFlush(all)
        .addListener(
            future -> {
              queuedBytes.addAndGet(-length);
              loop.enter(done, numberOf(future.cause()));
            });
    return 0;
  }

  /** How many bytes the system has not taken yet. */
  @Export
  public double queued() {
    return queuedBytes.get();
  }

  /** Ends this side's direction, behind what was written. */
  @Export
  public int shutdown(Value done) {
    Channel from = channel;
    if (closed || from == null) {
      return ENOTCONN;
    }
    from.writeAndFlush(Unpooled.EMPTY_BUFFER) // comes to its end when all before it has
        .addListener(
            written -> {
              if (written.isSuccess()) {
                SocketPipeline.endOutput(from)
                    .addListener(future -> loop.enter(done, numberOf(future.cause())));
              } else {
                loop.enter(done, numberOf(written.cause()));
              }
            });
    return 0;
  }

  // ---- the socket itself ------------------------------------------------------------------------

  @Export
  public int setNoDelay(boolean on) {
    return set(ChannelOption.TCP_NODELAY, on);
  }

  @Export
  public int setKeepAlive(boolean on, int idleSeconds) {
    int result = set(ChannelOption.SO_KEEPALIVE, on);
    return result == 0 && on && idleSeconds > 0
        ? set(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idleSeconds)
        : result;
  }

  private <T> int set(ChannelOption<T> option, T value) {
    Channel of = channel;
    if (of == null) {
      return 0; // as libuv does: it is the default of a socket that is not there yet
    }
    try {
      of.config().setOption(option, value);
      return 0;
    } catch (RuntimeException failure) {
      return closed ? SocketErrors.EBADF : SocketErrors.of(failure);
    }
  }

  /** Address, port and family of this side; null where there is none. */
  @Export
  public @Nullable ProxyArray localAddress() {
    try {
      SocketChannel own = bound;
      return own == null ? null : describe(own.getLocalAddress());
    } catch (IOException closedAlready) {
      return null;
    }
  }

  /** Of the other side. */
  @Export
  public @Nullable ProxyArray remoteAddress() {
    try {
      SocketChannel own = bound;
      return own == null ? null : describe(own.getRemoteAddress());
    } catch (IOException closedAlready) {
      return null;
    }
  }

  private static @Nullable ProxyArray describe(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return null;
    }
    boolean isV6 = inet.getAddress() instanceof Inet6Address;
    return ProxyArray.fromArray(
        NetUtil.toAddressString(inet.getAddress()).replaceFirst("%.*", ""),
        inet.getPort(),
        isV6 ? "IPv6" : "IPv4");
  }

  // ---- its end ----------------------------------------------------------------------------------

  /** As {@link #close(Value)}, with a reset instead of an end. */
  @Export
  public void reset(Value done) {
    set(ChannelOption.SO_LINGER, 0);
    close(done);
  }

  /** What is not written yet is lost; {@code done} is called behind all other callbacks. */
  @Export
  public void close(Value done) {
    Channel from = channel;
    close();
    if (from == null) {
      loop.enter(done);
      return;
    }
    // Netty tells what was not written after it has told that the channel is closed.
    from.closeFuture().addListener(future -> from.eventLoop().execute(() -> loop.enter(done)));
  }

  @Override
  public void close() {
    closed = true;
    loop.release(this);
    reader.stop();
    Channel from = channel;
    SocketChannel own = bound;
    if (from != null) {
      // Not through the pipeline: TLS would wait for the other side.
      from.eventLoop().execute(() -> from.unsafe().close(from.unsafe().voidPromise()));
    } else if (own != null) {
      try {
        own.close();
      } catch (IOException ended) {
        // it was never used
      }
    }
  }
}
