package org.restypolyglot.core.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The polling half of a host whose events come from other Java threads.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: an interrupt ends a poll without an event and stays set.
 */
abstract class QueuedHost implements Host {
  /** An empty batch is a wake-up. */
  private final BlockingQueue<List<Event>> queue = new LinkedBlockingQueue<>();

  final void offer(Event event) {
    queue.add(List.of(event));
  }

  @Override
  public final void poll(List<Event> events, @Nullable Duration timeout) {
    try {
      List<Event> first =
          timeout == null ? queue.take() : queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        events.addAll(first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (int i = 0; i < BATCH; i++) {
      List<Event> more = queue.poll();
      if (more == null) {
        return;
      }
      events.addAll(more);
    }
  }

  @Override
  public final void wake() {
    queue.add(List.of());
  }
}
