package org.restypolyglot.guest.js;

import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Java throws about sockets and names of hosts, as libuv's numbers. Java keeps only the text
 * of the system's error, in English whatever the locale is.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; what is unknown is {@link #EIO}.
 */
final class SocketErrors {
  static final int EIO = -5;
  static final int EINVAL = -22;
  static final int EPIPE = -32;
  static final int EOF = -4095;
  static final int ECANCELED = -125;
  static final int ENOTCONN = -107;
  static final int EAFNOSUPPORT = -97;
  static final int EISCONN = -106;
  static final int ECONNRESET = -104;
  static final int EBADF = -9;

  private static final int EAI_AGAIN = -3001;
  static final int EAI_NONAME = -3008;

  /** The system's texts, and one or two of Java's own. */
  private static final List<Map.Entry<String, Integer>> TEXTS =
      List.of(
          Map.entry("Connection refused", -111),
          Map.entry("Connection reset", ECONNRESET),
          Map.entry("Broken pipe", EPIPE),
          Map.entry("Connection timed out", -110),
          Map.entry("No route to host", -113),
          Map.entry("Network is unreachable", -101),
          Map.entry("Network is down", -100),
          Map.entry("Host is down", -112),
          Map.entry("Cannot assign requested address", -99),
          Map.entry("Address already in use", -98),
          Map.entry("Permission denied", -13),
          Map.entry("Operation not permitted", -1),
          Map.entry("No such file or directory", -2),
          Map.entry("Not a directory", -20),
          Map.entry("Protocol wrong type for socket", -91),
          Map.entry("Socket operation on non-socket", -88),
          Map.entry("Address family not supported", EAFNOSUPPORT),
          Map.entry("Protocol family unavailable", EAFNOSUPPORT),
          Map.entry("Protocol family not supported", EAFNOSUPPORT),
          Map.entry("Too many open files in system", -23),
          Map.entry("Too many open files", -24),
          Map.entry("No buffer space available", -105),
          Map.entry("Cannot allocate memory", -12),
          Map.entry("Resource temporarily unavailable", -11),
          Map.entry("Software caused connection abort", -103),
          Map.entry("Transport endpoint is not connected", ENOTCONN),
          Map.entry("Transport endpoint is already connected", EISCONN),
          Map.entry("Unix domain path too long", EINVAL),
          Map.entry("Invalid argument", EINVAL));

  private SocketErrors() {}

  /** The number of what came in the way of a socket. */
  static int of(@Nullable Throwable failure) {
    boolean closed = false;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String text = at.getMessage();
      for (Map.Entry<String, Integer> known : TEXTS) {
        if (text != null && text.contains(known.getKey())) {
          return known.getValue();
        }
      }
      if (at instanceof UnsupportedAddressTypeException
          || at instanceof UnsupportedOperationException) {
        return EAFNOSUPPORT;
      }
      if (at instanceof UnresolvedAddressException || at instanceof IllegalArgumentException) {
        return EINVAL;
      }
      closed |= at instanceof ClosedChannelException;
    }
    return closed ? EPIPE : EIO;
  }

  /** The number for a name that was not found. */
  static int ofLookup(UnknownHostException failure) {
    String text = failure.getMessage();
    return text != null && text.contains("Temporary failure") ? EAI_AGAIN : EAI_NONAME;
  }
}
