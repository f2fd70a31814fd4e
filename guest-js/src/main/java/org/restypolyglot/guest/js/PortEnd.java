package org.restypolyglot.guest.js;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a message channel: what a MessagePort is without its context, so that it can move to
 * another one. Messages wait in it until its owner takes them.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the messages that wait. <b>Borrows</b>: its owner's way to
 * be woken, while it has one. <b>Failure</b>: none.
 */
public final class PortEnd implements AutoCloseable {
  private final Deque<Message> waiting = new ArrayDeque<>(); // under the lock
  private @Nullable PortGroup group; // under the lock
  private @Nullable Runnable wake; // under the lock
  private boolean woken; // under the lock: the owner will look

  PortEnd() {}

  synchronized void join(PortGroup joined) {
    group = joined;
  }

  synchronized @Nullable PortGroup group() {
    return group;
  }

  /** Another end has sent something. */
  void add(Message message) {
    synchronized (this) {
      if (group != null || message.isClose()) {
        waiting.add(message);
        wakeOwner();
        return;
      }
    }
    message.discard();
  }

  private void wakeOwner() {
    if (wake != null && !woken) {
      woken = true;
      wake.run();
    }
  }

  /** Has {@code owner} run whenever there is something to look at; at once where there is. */
  synchronized void attach(Runnable owner) {
    wake = owner;
    woken = false;
    if (!waiting.isEmpty()) {
      wakeOwner();
    }
  }

  /** The end moves, or is closed. */
  synchronized void detach() {
    wake = null;
  }

  /** Has the owner look again, soon. */
  synchronized void trigger() {
    wakeOwner();
  }

  /** The owner looks; how many messages wait. */
  synchronized int look() {
    woken = false;
    return waiting.size();
  }

  /** The next message; without {@code wanted} only if it is the end. */
  synchronized @Nullable Message next(boolean wanted) {
    Message first = waiting.peek();
    return first != null && (wanted || first.isClose()) ? waiting.poll() : null;
  }

  /** Leaves the others, which learn of it where there is only one. */
  @Override
  public void close() {
    PortGroup left;
    Message[] lost;
    synchronized (this) {
      left = group;
      group = null;
      wake = null;
      lost = waiting.toArray(Message[]::new);
      waiting.clear();
    }
    for (Message message : lost) {
      message.discard();
    }
    if (left != null) {
      left.leave(this);
    }
  }
}
