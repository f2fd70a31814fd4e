package org.restypolyglot.core.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request that awaits exactly one reply.
 *
 * <p><b>Threads</b>: {@link #attach} and {@link #attachment} on the guest thread, {@link #begin} on
 * it or never; the rest on any. <b>Owns</b>: a copy of the request, from its beginning, so that
 * nothing of the guest's ever points into the host's memory. <b>Borrows</b>: the request's memory,
 * from the host, until then or until the task is answered. <b>Failure</b>: a second answer is
 * refused and changes nothing; an answer that memory runs out for becomes a failure.
 */
public final class Task {
  /*
   *          begin()                 the copy is made             answer
   *   NEW ------------> BEGINNING -----------------> STARTED -----------------> ANSWERED
   *    |                                                                           ^
   *    +-------------------- reissue(), or an answer ------------------------------+
   *
   * An answer lets the host free the request, so it waits while the copy is being made.
   */
  private enum State {
    NEW,
    BEGINNING,
    STARTED,
    ANSWERED
  }

  private static final long COPY_PARK_NANOS = 10_000;

  /** Made beforehand: when memory is out, not even a literal can be had for the first time. */
  private static final byte[] OUT_OF_MEMORY = "out of memory".getBytes(UTF_8);

  /** Takes the one answer of a task. */
  @FunctionalInterface
  public interface Answers {
    /**
     * Called once per task, by the thread that answers it; and once more, with nil and {@link
     * GuestException#RC}, if it throws.
     *
     * @param rc 0 for success
     * @param bytes null for nil; {@code offset} and {@code length} say which part of it counts
     */
    void answer(Task task, int rc, byte @Nullable [] bytes, int offset, int length);
  }

  private final Long handle; // boxed once: an answer when memory is out must not allocate
  private final String method;
  private final @Nullable MemorySegment request;
  private final long deadlineMillis;
  private final Answers answers;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private volatile @Nullable CancelReason cancelReason;

  private byte @Nullable [] body; // written while BEGINNING
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
  public Long handle() {
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
   * Core's, before the guest gets the task: copies the request. Returns false if the task is
   * answered already, or is served by another context.
   */
  public boolean begin() {
    if (!state.compareAndSet(State.NEW, State.BEGINNING)) {
      return false;
    }
    try {
      body = request == null ? null : request.toArray(ValueLayout.JAVA_BYTE);
    } finally {
      state.set(State.STARTED);
    }
    return true;
  }

  /** Core's: the same request, for another context, if this one has not begun; else null. */
  public @Nullable Task reissue(Answers others) {
    Task copy = new Task(handle, method, request, deadlineMillis, others);
    if (!state.compareAndSet(State.NEW, State.ANSWERED)) {
      return null;
    }
    copy.cancelReason = cancelReason;
    return copy;
  }

  /** The request's bytes, null for a nil request; the same array each time. */
  public byte @Nullable [] body() {
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
    byte[] bytes;
    try {
      bytes = message.getBytes(UTF_8);
    } catch (OutOfMemoryError noMemory) {
      bytes = OUT_OF_MEMORY;
    }
    return answer(rc == 0 ? GuestException.RC : rc, bytes, 0, bytes.length);
  }

  /** Core's: answers that memory is out; needs none itself. */
  public boolean failForMemory() {
    return answer(GuestException.RC, OUT_OF_MEMORY, 0, OUT_OF_MEMORY.length);
  }

  /** Answers a cancelled task, whose reply nobody sees. */
  public boolean drop() {
    return answer(0, null, 0, 0);
  }

  private boolean answer(int rc, byte @Nullable [] bytes, int offset, int length) {
    if (!becomeAnswered()) {
      return false;
    }
    try {
      answers.answer(this, rc, bytes, offset, length);
    } catch (OutOfMemoryError noMemory) {
      answers.answer(this, GuestException.RC, null, 0, 0);
    }
    return true;
  }

  private boolean becomeAnswered() {
    while (true) {
      State now = state.get();
      if (now == State.ANSWERED) {
        return false;
      }
      if (now == State.BEGINNING) {
        LockSupport.parkNanos(COPY_PARK_NANOS);
      } else if (state.compareAndSet(now, State.ANSWERED)) {
        return true;
      }
    }
  }

  public boolean isAnswered() {
    return state.get() == State.ANSWERED;
  }

  /** Whether the guest has got the task, and it is not answered. */
  public boolean isRunning() {
    State now = state.get();
    return now == State.BEGINNING || now == State.STARTED;
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
