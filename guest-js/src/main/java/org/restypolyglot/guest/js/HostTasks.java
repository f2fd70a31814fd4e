package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.Task;

/**
 * Tasks as the context sees them: opaque objects, and these operations on them.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Failure</b>: a second answer to a
 * task changes nothing.
 */
public final class HostTasks {
  private final GuestLog log;

  HostTasks(GuestLog log) {
    this.log = log;
  }

  /** Answers with text; lone surrogates have to be replaced before. */
  @Export
  public void replyText(Task task, String text) {
    task.reply(text);
  }

  /** Answers with nil. */
  @Export
  public void replyNil(Task task) {
    task.reply((byte[]) null);
  }

  /**
   * Answers with {@code buffer[offset, offset + length)}, an ArrayBuffer's bytes as they are now.
   */
  @Export
  public void replyBytes(Task task, Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      buffer.readBuffer(offset, bytes, 0, length);
    }
    task.reply(bytes);
  }

  /** Answers that the handler failed; {@code stack} goes to the log. */
  @Export
  public void fail(Task task, int rc, String message, String stack) {
    try {
      log.error(stack);
    } finally { // also where there is no memory for a log line
      task.fail(rc, message);
    }
  }

  /** The request's bytes, null for a nil request; the caller copies them. */
  @Export
  public @Nullable ByteBuffer body(Task task) {
    byte[] body = task.body();
    return body == null ? null : ByteBuffer.wrap(body).asReadOnlyBuffer();
  }

  /**
   * Lets {@code abort} be called with the reason when the task is cancelled.
   *
   * @return the reason's text, if it is cancelled already, else null
   */
  @Export
  public @Nullable String onCancel(Task task, Value abort) {
    CancelReason reason = task.cancelReason();
    if (reason != null) {
      return reason.text();
    }
    task.attach(abort);
    return null;
  }
}
