package org.restypolyglot.guest.js;

import java.util.Map;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * Ports as a context sees them: opaque ends of channels, and these operations on them.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Owns</b>: through the loop, the ends
 * that are attached here; they close with the context. <b>Failure</b>: none.
 */
public final class HostMessaging {
  private final HostLoop loop;
  private final Map<String, PortGroup> broadcasts;

  /**
   * @param broadcasts by name, those of all contexts that hear one another
   */
  HostMessaging(HostLoop loop, Map<String, PortGroup> broadcasts) {
    this.loop = loop;
    this.broadcasts = broadcasts;
  }

  /** Two ends of a new channel. */
  @Export
  public ProxyArray channel() {
    return ProxyArray.fromArray((Object[]) PortGroup.pair());
  }

  /** For an object whose clones see what is added to it. */
  @Export
  public SharedLines lines() {
    return new SharedLines();
  }

  /** For a histogram, likewise. */
  @Export
  public SharedCounts counts() {
    return new SharedCounts();
  }

  /** A new end that hears all others of this name. */
  @Export
  public PortEnd broadcast(String name) {
    PortEnd end = new PortEnd();
    broadcasts.computeIfAbsent(name, key -> PortGroup.ofMany()).join(end);
    return end;
  }

  /** Has {@code callback} called in turns of their own while there is something to look at. */
  @Export
  public void attach(PortEnd end, Value callback) {
    loop.own(end);
    end.attach(() -> loop.enter(callback));
  }

  /** The end goes to another context. */
  @Export
  public void detach(PortEnd end) {
    end.detach();
    loop.release(end);
  }

  @Export
  public void close(PortEnd end) {
    loop.release(end);
    end.close();
  }

  @Export
  public void trigger(PortEnd end) {
    end.trigger();
  }

  /** How many messages wait; from now on new ones call back again. */
  @Export
  public int look(PortEnd end) {
    return end.look();
  }

  /** The next message, null without one; the text "close" when the other end is gone. */
  @Export
  public @Nullable Object next(PortEnd end, boolean wanted) {
    Message message = end.next(wanted);
    return message != null && message.isClose() ? "close" : message;
  }

  /** What became of the message: a name of {@link PortGroup.Outcome}; "NOBODY" if it is closed. */
  @Export
  public String send(PortEnd end, Message message) {
    PortGroup group = end.group();
    if (group == null) {
      message.discard();
      return PortGroup.Outcome.NOBODY.name();
    }
    return group.send(end, message).name();
  }

  /** A message that nobody will get. */
  @Export
  public void discard(Message message) {
    message.discard();
  }
}
