package org.restypolyglot.guest.js;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as it arrives: one piece is given to JavaScript each time that it asks,
 * and up to {@link #AHEAD_BYTES} are read meanwhile. What comes then stays in the network.
 *
 * <p>The JDK's client forgets what was not asked for when a server closes an HTTP/2 connection
 * behind its last response. So the end of a body is always asked for: what is left then fits into
 * the window that the server may fill anyway.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the bytes that nobody has asked for. <b>Failure</b>: told
 * after the bytes that came before it.
 */
final class FetchResponseBody implements BodySubscriber<@Nullable Void> {
  private static final int AHEAD_BYTES = 1024 * 1024;

  /** What JavaScript gets: bytes, or how it ended. */
  interface Listener {
    void data(ByteBuffer bytes);

    void end();

    void fail(Throwable failure);
  }

  private final Listener listener;
  private Flow.@Nullable Subscription source;
  private byte[] waiting = {};
  private int waitingBytes;
  private long toCome = Long.MAX_VALUE;
  private boolean isWanted;
  private boolean isPaused;
  private boolean isCancelled;
  private @Nullable Consumer<Listener> ending;

  FetchResponseBody(Listener listener) {
    this.listener = listener;
  }

  /** The length of the body, where the server says it. Before any of it comes. */
  synchronized void expect(long length) {
    toCome = length;
  }

  /** One more piece is wanted, or the end. */
  void request() {
    Flow.Subscription resumed = null;
    synchronized (this) {
      isWanted = true;
      give();
      if (isPaused && waitingBytes < AHEAD_BYTES) {
        isPaused = false;
        resumed = source;
      }
    }
    if (resumed != null) {
      resumed.request(1);
    }
  }

  /** No more is wanted: the exchange ends, with its connection where that is HTTP/1.1's. */
  void cancel() {
    Flow.Subscription cancelled;
    synchronized (this) {
      isCancelled = true;
      waiting = new byte[0];
      waitingBytes = 0;
      cancelled = source;
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean isLate;
    synchronized (this) {
      source = subscription;
      isLate = isCancelled;
    }
    if (isLate) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    Flow.Subscription more;
    synchronized (this) {
      if (isCancelled) {
        return;
      }
      append(pieces);
      give();
      isPaused = waitingBytes >= AHEAD_BYTES && toCome > FetchSettings.WINDOW_BYTES;
      more = isPaused ? null : source;
    }
    if (more != null) {
      more.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    finish(to -> to.fail(failure));
  }

  @Override
  public void onComplete() {
    finish(Listener::end);
  }

  private synchronized void finish(Consumer<Listener> how) {
    if (!isCancelled && ending == null) {
      ending = how;
      give();
    }
  }

  private void append(List<ByteBuffer> pieces) {
    int count = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
    if (waitingBytes + count > waiting.length) {
      byte[] larger =
          new byte[Math.max(waitingBytes + count, Math.min(2 * waiting.length, 2 * AHEAD_BYTES))];
      System.arraycopy(waiting, 0, larger, 0, waitingBytes);
      waiting = larger;
    }
    for (ByteBuffer piece : pieces) {
      int length = piece.remaining();
      piece.get(waiting, waitingBytes, length);
      waitingBytes += length;
      toCome -= length;
    }
  }

  /** Hands over what is there, if it is wanted. The listener only queues, so under the lock. */
  private void give() {
    if (!isWanted || isCancelled) {
      return;
    }
    if (waitingBytes > 0) {
      isWanted = false;
      ByteBuffer piece = ByteBuffer.wrap(waiting, 0, waitingBytes).slice();
      waiting = new byte[0];
      waitingBytes = 0;
      listener.data(piece);
    } else if (ending != null) {
      isWanted = false;
      ending.accept(listener);
    }
  }
}
