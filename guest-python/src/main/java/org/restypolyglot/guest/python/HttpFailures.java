package org.restypolyglot.guest.python;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange failed, in words.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class HttpFailures {
  private HttpFailures() {}

  /** Java's client often has no message, or one that only its maintainers understand. */
  static String text(Throwable failure) {
    return text(failure, null);
  }

  /**
   * @param refusal why the server's certificate was refused, whatever the client says; or null
   */
  static String text(Throwable failure, @Nullable String refusal) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (hasCause(cause, UnresolvedAddressException.class)) {
      return "the server's name is not known";
    }
    if ("shutdownNow".equals(cause.getMessage())) {
      return "the client was closed";
    }
    return switch (cause) {
      case HttpConnectTimeoutException late -> "no connection in time";
      case ConnectException refused -> orElse(refused.getMessage(), "connection refused");
      case NoSuchFileException absent -> absent.getFile() + " is not there";
      case AccessDeniedException denied -> denied.getFile() + " is not readable";
      case CancellationException cancelled -> "cancelled";
      default -> ofConnection(cause, refusal);
    };
  }

  private static String ofConnection(Throwable cause, @Nullable String refusal) {
    if (refusal != null) {
      return "the server's certificate is refused: " + refusal;
    }
    if (hasCause(cause, ClosedChannelException.class)) {
      return "connection closed";
    }
    String text = orElse(cause.getMessage(), cause.getClass().getSimpleName());
    return cause instanceof SSLException ? "TLS: " + text : text;
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String orElse(@Nullable String message, String words) {
    return message == null || message.isEmpty() ? words : message;
  }
}
