package org.restypolyglot.guest.js;

import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.HostAccess.Export;

/**
 * Texts, to which more are added: what an object and its clones in other contexts have in common.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing. <b>Failure</b>: none.
 */
public final class SharedLines {
  private final List<String> lines = new ArrayList<>();

  SharedLines() {}

  @Export
  public synchronized void add(String line) {
    lines.add(line);
  }

  @Export
  public synchronized int count() {
    return lines.size();
  }

  @Export
  public synchronized String get(int index) {
    return lines.get(index);
  }
}
