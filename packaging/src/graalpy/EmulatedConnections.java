package com.oracle.graal.python.runtime;

import com.oracle.graal.python.builtins.objects.exception.OSErrorEnum;
import com.oracle.truffle.api.strings.TruffleString;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Ours, in GraalPy's jar: what POSIX says of sockets and GraalPy's {@code EmulatedPosixSupport} does
 * not. {@code MendGraalPy.java} puts calls of it there.
 *
 * <p>GraalPy connects as if each socket waited, those of asyncio and those with a time-out too: a
 * host that does not answer stops all that the runtime does for two minutes. Here a socket that does
 * not wait begins to connect, is ready to be written to when it is connected or has failed, and tells
 * by SO_ERROR what it came to.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing; sockets are kept as long as they live. <b>Failure</b>:
 * exceptions that GraalPy has an errno for, by their class or text.
 */
public final class EmulatedConnections {
  /** What a channel came to that could not be connected; Java closes it. */
  private static final Map<SocketChannel, Integer> FAILED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Options of sockets that are neither connected nor listen, and so have no channel yet. */
  private static final Map<Object, Map<SocketOption<?>, Object>> OPTIONS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private EmulatedConnections() {}

  /** Before {@code connect()} of a socket that has a channel already, or null. */
  public static void again(SocketChannel channel) throws IOException {
    finishOrFail(channel);
    if (channel != null && channel.isConnectionPending()) {
      throw new IOException("Operation already in progress");
    }
  }

  /** Before something that needs the connection; a socket that waits does so here. */
  public static void finishOrFail(SocketChannel channel) throws IOException {
    if (channel == null || channel.isConnected() && channel.isOpen()) {
      return; // as nearly always, without the lock
    }
    finish(channel, true);
    Integer failure = FAILED.remove(channel);
    if (failure != null) {
      throw new IOException(textOf(failure));
    }
  }

  /** Whether the channel could not be connected. */
  public static boolean isOver(SocketChannel channel) {
    finish(channel);
    return channel != null && !channel.isOpen();
  }

  /** In the place of {@code channel.connect(address)}, of a channel that waits. */
  public static boolean connect(SocketChannel channel, SocketAddress address, boolean waits)
      throws IOException {
    channel.configureBlocking(waits);
    return channel.connect(address);
  }

  /** At the end of {@code connect()}. */
  public static void tellPending(SocketChannel channel) throws IOException {
    if (channel.isConnectionPending()) {
      throw new IOException("Operation now in progress");
    }
  }

  /** SO_ERROR of a socket with this channel, or with none; it is told once. */
  public static int error(SocketChannel channel) {
    finish(channel);
    Integer failure = channel == null ? null : FAILED.remove(channel);
    return failure == null ? 0 : failure;
  }

  /** Notes what came of a connection that was begun, if that is known; never waits. */
  public static void finish(SocketChannel channel) {
    finish(channel, false);
  }

  private static void finish(SocketChannel channel, boolean mayWait) {
    if (channel != null
        && channel.isConnectionPending()
        && (mayWait || !channel.isBlocking())) { // Java would wait for the end of it
      try {
        channel.finishConnect();
      } catch (IOException failure) {
        FAILED.putIfAbsent(channel, numberOf(failure)); // another thread may have been told before
      }
    }
  }

  private static int numberOf(IOException failure) {
    return OSErrorEnum.fromException(failure, TruffleString.EqualNode.getUncached())
        .oserror
        .getNumber();
  }

  private static String textOf(int number) {
    return OSErrorEnum.fromNumber(number).getMessage().toJavaStringUncached();
  }

  /**
   * {@code channel.register(selector, operations)}, beside the operations that it has there, and
   * for a socket that is to be connected before it can be written to.
   */
  public static SelectionKey register(SelectableChannel channel, Selector selector, int operations)
      throws ClosedChannelException {
    if ((operations & SelectionKey.OP_WRITE) != 0
        && channel instanceof SocketChannel socket
        && socket.isConnectionPending()) {
      operations |= SelectionKey.OP_CONNECT; // both: another thread may finish it meanwhile
    }
    SelectionKey known = channel.keyFor(selector);
    return channel.register(
        selector, known == null ? operations : operations | known.interestOps());
  }

  /**
   * {@code key.readyOps()}; 0 of a channel that was closed meanwhile, all of a socket that could not
   * be connected.
   */
  public static int readyOps(SelectionKey key) {
    if (key == null) {
      return 0;
    }
    SocketChannel socket = key.channel() instanceof SocketChannel channel ? channel : null;
    int ready = key.isValid() ? key.readyOps() : 0;
    if (socket != null && (ready & SelectionKey.OP_CONNECT) != 0) {
      finish(socket);
      ready = ready & ~SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE;
    }
    return socket != null && FAILED.containsKey(socket)
        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
        : ready;
  }

  /** {@code setsockopt} before there is a channel. */
  public static void remember(Object socket, SocketOption<?> option, Object value) {
    OPTIONS.computeIfAbsent(socket, _ -> new HashMap<>()).put(option, value);
  }

  /** {@code getsockopt} before there is a channel. */
  public static Object remembered(Object socket, SocketOption<?> option) throws IOException {
    Map<SocketOption<?>, Object> options = OPTIONS.get(socket);
    if (options != null && options.containsKey(option)) {
      return options.get(option);
    }
    try (SocketChannel other = SocketChannel.open()) {
      return other.getOption(option);
    }
  }

  /** {@code failure.getMessage()}, of which GraalPy takes none for an error of its own. */
  public static String message(Exception failure) {
    if (failure instanceof PortUnreachableException) {
      return "Connection refused";
    }
    String text = failure.getMessage();
    if ("Connection reset".equals(text)) { // which Java says by itself
      return "Connection reset by peer";
    }
    return text == null ? failure.getClass().getName() : text;
  }
}
