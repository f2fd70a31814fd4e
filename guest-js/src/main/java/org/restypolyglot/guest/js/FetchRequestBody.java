package org.restypolyglot.guest.js;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as JavaScript writes it, piece by piece. It takes some bytes ahead of what
 * the connection can send, then it says "no more", and later that there is room again.
 *
 * <p><b>Threads</b>: any; what the subscriber gets comes from one thread at a time. <b>Owns</b>:
 * the bytes that are not sent. <b>Failure</b>: a body that has begun cannot be sent a second time.
 */
final class FetchRequestBody implements Flow.Publisher<ByteBuffer> {
  private static final int AHEAD_BYTES = 64 * 1024;

  private final Runnable hasRoom;
  private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
  private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
  private long demand;
  private int waitingBytes;
  private boolean isFull;
  private boolean hasBegun;
  private boolean isComplete;
  private boolean isCancelled;
  private boolean isTold;
  private boolean isEmitting;

  /**
   * @param hasRoom called when a write was refused more, and there is room again
   */
  FetchRequestBody(Runnable hasRoom) {
    this.hasRoom = hasRoom;
  }

  /** Takes the bytes. False: write no more until there is room. */
  boolean write(byte[] bytes) {
    boolean more;
    synchronized (this) {
      waiting.add(ByteBuffer.wrap(bytes));
      waitingBytes += bytes.length;
      isFull = waitingBytes >= AHEAD_BYTES;
      more = !isFull;
    }
    emit();
    return more;
  }

  /** All has been written. */
  void complete() {
    synchronized (this) {
      isComplete = true;
    }
    emit();
  }

  /** The rest will not come. */
  void cancel() {
    synchronized (this) {
      isCancelled = true;
      waiting.clear();
    }
    emit();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> newSubscriber) {
    boolean refused;
    synchronized (this) {
      refused = hasBegun;
      if (!refused) {
        subscriber = newSubscriber;
        demand = 0;
        isTold = false;
      }
    }
    newSubscriber.onSubscribe(new Demand(newSubscriber));
    if (refused) { // the client tries again on another connection
      newSubscriber.onError(new IOException("the request's body cannot be sent a second time"));
    }
  }

  /** Passes on what is wanted and there; one thread at a time, the others leave it to that one. */
  private void emit() {
    synchronized (this) {
      if (isEmitting) {
        return;
      }
      isEmitting = true;
    }
    Emission next = next();
    while (next != null) {
      if (next.bytes() == null) {
        end(next.to());
      } else {
        next.to().onNext(next.bytes());
      }
      if (next.makesRoom()) {
        hasRoom.run();
      }
      next = next();
    }
  }

  private void end(Flow.Subscriber<? super ByteBuffer> to) {
    boolean isWhole;
    synchronized (this) {
      isWhole = !isCancelled;
    }
    if (isWhole) {
      to.onComplete();
    } else {
      to.onError(new IOException("the request was cancelled"));
    }
  }

  /** What the subscriber gets next, null bytes for the end; null: nothing for now. */
  private synchronized @Nullable Emission next() {
    Flow.Subscriber<? super ByteBuffer> to = subscriber;
    if (to != null && demand > 0 && !waiting.isEmpty()) {
      ByteBuffer bytes = waiting.remove();
      demand--;
      hasBegun = true;
      waitingBytes -= bytes.remaining();
      boolean makesRoom = isFull && waitingBytes < AHEAD_BYTES;
      isFull &= !makesRoom;
      return new Emission(to, bytes, makesRoom);
    }
    if (to != null && (isComplete || isCancelled) && waiting.isEmpty() && !isTold) {
      isTold = true;
      return new Emission(to, null, false);
    }
    isEmitting = false;
    return null;
  }

  private record Emission(
      Flow.Subscriber<? super ByteBuffer> to, @Nullable ByteBuffer bytes, boolean makesRoom) {}

  private final class Demand implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> of;

    Demand(Flow.Subscriber<? super ByteBuffer> of) {
      this.of = of;
    }

    @Override
    public void request(long count) {
      synchronized (FetchRequestBody.this) {
        if (subscriber != of) {
          return;
        }
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
      }
      emit();
    }

    @Override
    public void cancel() {
      synchronized (FetchRequestBody.this) {
        if (subscriber == of) {
          subscriber = null;
        }
      }
    }
  }
}
