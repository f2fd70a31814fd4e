package org.restypolyglot.guest.js;

import java.util.ArrayList;
import java.util.List;

/**
 * A value on its way from one context to another (or to the same one): a tree of {@link Cloned},
 * with nothing of the engine's in it that belongs to a context.
 *
 * <p><b>Threads</b>: one that writes it, then any that read it, also at the same time. <b>Owns</b>:
 * the ports and the files that travel with it, until they are read or it is discarded.
 * <b>Failure</b>: none.
 */
final class Message {
  private static final Object NOTHING = new Object();

  /** Says that the other end of a port is gone. */
  static final Message CLOSE = new Message();

  private final List<Cloned.Lowered> transferred = new ArrayList<>();
  private final List<PortEnd> ports = new ArrayList<>();
  private final List<OpenFile> files = new ArrayList<>(0);
  private Object root = NOTHING;
  private int count;
  private boolean forMany;

  /** A number for the next object in it. */
  int nextId() {
    return count++;
  }

  /** How many objects there are. */
  int count() {
    return count;
  }

  /** A value of the engine's without a context (a number, a text …), or a {@link Cloned}. */
  Object root() {
    return root;
  }

  void setRoot(Object value) {
    root = value;
  }

  /** What was in the list of what moves, but for buffers: in its order. */
  List<Cloned.Lowered> transferred() {
    return transferred;
  }

  /** The ports in it. */
  List<PortEnd> ports() {
    return ports;
  }

  /** The files in it. */
  List<OpenFile> files() {
    return files;
  }

  /** Several contexts will read it. */
  void setForMany() {
    forMany = true;
  }

  boolean isForMany() {
    return forMany;
  }

  boolean isClose() {
    return this == CLOSE;
  }

  /** Nobody will read it: the ports and the files in it close. */
  void discard() {
    ports.forEach(PortEnd::close);
    files.forEach(file -> file.close(Scratch.ofThisThread()));
  }
}
