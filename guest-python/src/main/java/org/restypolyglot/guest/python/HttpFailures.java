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
    if (refusal != null && !isNotOfTls(cause)) {
      return "the server's certificate is refused: " + refusal;
    }
    if (hasCause(cause, UnresolvedAddressException.class)) {
      return "the server's name is not known";
    }
    if ("shutdownNow".equals(cause.getMessage())) {
      return "the client was closed";
    }
    boolean connected =
        !(cause instanceof ConnectException); // which may have the next as its cause
    if (connected && hasCause(cause, ClosedChannelException.class)) {
      return "connection closed";
    }
    return switch (cause) {
      case HttpConnectTimeoutException late -> "no connection in time";
      case ConnectException refused -> orElse(refused.getMessage(), "connection refused");
      case SSLException tls -> "TLS: " + orElse(tls.getMessage(), "failed");
      case NoSuchFileException absent -> absent.getFile() + " is not there";
      case AccessDeniedException denied -> denied.getFile() + " is not readable";
      case CancellationException cancelled -> "cancelled";
      default -> orElse(cause.getMessage(), cause.getClass().getSimpleName());
    };
  }

  private static boolean isNotOfTls(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof CancellationException
        || "shutdownNow".equals(cause.getMessage());
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
