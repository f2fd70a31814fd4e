package org.restypolyglot.guest.js;

import java.util.ArrayList;
import java.util.List;

/**
 * Ends that hear one another: the two of a MessageChannel, or all BroadcastChannels of a name.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
final class PortGroup {
  /** What came of a message. */
  enum Outcome {
    DELIVERED,
    /** There is nobody else. */
    NOBODY,
    /** It held the port that it was for. */
    LOST,
    /** Several are there, and what moves can move to one only. */
    TOO_MANY
  }

  private final boolean isPair;
  private final List<PortEnd> ends = new ArrayList<>(2); // under the lock

  private PortGroup(boolean isPair) {
    this.isPair = isPair;
  }

  /** Two new ends. */
  static PortEnd[] pair() {
    PortGroup group = new PortGroup(true);
    PortEnd[] pair = {new PortEnd(), new PortEnd()};
    group.join(pair[0]);
    group.join(pair[1]);
    return pair;
  }

  static PortGroup ofMany() {
    return new PortGroup(false);
  }

  void join(PortEnd end) {
    synchronized (this) {
      ends.add(end);
    }
    end.join(this);
  }

  private synchronized List<PortEnd> others(PortEnd end) {
    return ends.stream().filter(other -> other != end).toList();
  }

  Outcome send(PortEnd source, Message message) {
    List<PortEnd> targets = others(source);
    if (targets.isEmpty()) {
      message.discard();
      return Outcome.NOBODY;
    }
    if (targets.size() > 1) {
      if (!message.transferred().isEmpty()) {
        message.discard();
        return Outcome.TOO_MANY;
      }
      message.setForMany();
    }
    for (PortEnd target : targets) {
      if (message.ports().contains(target)) {
        message.discard();
        return Outcome.LOST;
      }
      target.add(message);
    }
    return Outcome.DELIVERED;
  }

  void leave(PortEnd end) {
    List<PortEnd> left = others(end);
    synchronized (this) {
      ends.remove(end);
    }
    if (isPair && left.size() == 1) {
      left.getFirst().add(Message.CLOSE);
    }
  }
}
