package org.restypolyglot.core.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request that awaits exactly one reply.
 *
 * <p><b>Threads</b>: {@link #body} on the guest thread; the rest on any. <b>Borrows</b>: the
 * request's memory, from the host, until the task is answered; {@link #body} copies it, so that
 * nothing of the guest's ever points there. <b>Failure</b>: a second answer is refused and changes
 * nothing.
 */
public final class Task {

  /** Takes the one answer of a task. */
  @FunctionalInterface
  public interface Answers {
    /**
     * Called once per task, by the thread that answers it.
     *
     * @param rc 0 for success
     * @param bytes null for nil; {@code offset} and {@code length} say which part of it counts
     */
    void answer(Task task, int rc, byte @Nullable [] bytes, int offset, int length);
  }

  private final long handle;
  private final String method;
  private final @Nullable MemorySegment request;
  private final long deadlineMillis;
  private final Answers answers;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile @Nullable CancelReason cancelReason;

  private byte @Nullable [] body; // guest thread
  private @Nullable Object attachment; // guest thread

  public Task(
      long handle,
      String method,
      @Nullable MemorySegment request,
      long deadlineMillis,
      Answers answers) {
    this.handle = handle;
    this.method = method;
    this.request = request;
    this.deadlineMillis = deadlineMillis;
    this.answers = answers;
  }

  /** The host's handle. */
  public long handle() {
    return handle;
  }

  /** The name that Lua called, {@code "echo"} for {@code rt:echo(req)}. */
  public String method() {
    return method;
  }

  /** When the call times out, in milliseconds of {@link System#nanoTime}'s clock; 0 for never. */
  public long deadlineMillis() {
    return deadlineMillis;
  }

  /**
   * The request's bytes, null for a nil request. The first call copies them and has to come before
   * the answer; later calls give the same array.
   *
   * @throws IllegalStateException if the task was answered before the first call
   */
  public byte @Nullable [] body() {
    if (body == null && request != null) {
      if (answered.get()) {
        throw new IllegalStateException("the request's memory is gone: the task was answered");
      }
      body = request.toArray(ValueLayout.JAVA_BYTE);
    }
    return body;
  }

  /** Answers with bytes, or nil for null. Returns false if the task was answered before. */
  public boolean reply(byte @Nullable [] bytes) {
    return answer(0, bytes, 0, bytes == null ? 0 : bytes.length);
  }

  /** Answers with {@code bytes[offset, offset + length)}. */
  public boolean reply(byte[] bytes, int offset, int length) {
    return answer(0, bytes, offset, length);
  }

  /** Answers with text as UTF-8. */
  public boolean reply(String text) {
    return reply(text.getBytes(UTF_8));
  }

  /** Answers that the guest failed; {@code rc} 0 becomes {@link GuestException#RC}. */
  public boolean fail(int rc, String message) {
    byte[] bytes = message.getBytes(UTF_8);
    return answer(rc == 0 ? GuestException.RC : rc, bytes, 0, bytes.length);
  }

  /** Answers a cancelled task, whose reply nobody sees. */
  public boolean drop() {
    return answer(0, null, 0, 0);
  }

  private boolean answer(int rc, byte @Nullable [] bytes, int offset, int length) {
    if (!answered.compareAndSet(false, true)) {
      return false;
    }
    answers.answer(this, rc, bytes, offset, length);
    return true;
  }

  public boolean isAnswered() {
    return answered.get();
  }

  /** Why nobody waits for the reply; null while somebody does. */
  public @Nullable CancelReason cancelReason() {
    return cancelReason;
  }

  /** Core's: records that nobody waits any more, the first reason winning. */
  public void markCancelled(CancelReason reason) {
    if (cancelReason == null) {
      cancelReason = reason;
    }
  }

  /** What the guest put there with {@link #attach}. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something of the guest's with the task, for example what cancels it. */
  public void attach(@Nullable Object value) {
    attachment = value;
  }

  @Override
  public String toString() {
    return "task 0x" + Long.toHexString(handle) + " " + method;
  }
}
