package org.restypolyglot.core.debug;

import com.google.gson.JsonObject;
import com.oracle.truffle.api.source.Source;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers by which a client of the Debug Adapter speaks of frames, scopes and values, as long
 * as the thread stands still that has them; and of sources without a file. Any thread.
 */
final class DapReferences {
  private record Reference(DapStop stop, Object thing) {}

  private final Map<Integer, Reference> all = new HashMap<>();
  private final Map<Source, Integer> sources = new HashMap<>();
  private int last;

  synchronized int add(DapStop stop, Object thing) {
    all.put(++last, new Reference(stop, thing));
    return last;
  }

  synchronized @Nullable DapStop stop(int reference) {
    Reference found = all.get(reference);
    return found == null ? null : found.stop;
  }

  /**
   * @throws IllegalArgumentException if there is no such thing (any more)
   */
  synchronized Object get(int reference) {
    Reference found = all.get(reference);
    if (found == null) {
      throw new IllegalArgumentException("nothing has the reference " + reference);
    }
    return found.thing;
  }

  synchronized void forget(DapStop stop) {
    all.values().removeIf(reference -> reference.stop == stop);
  }

  synchronized int source(Source source) {
    return sources.computeIfAbsent(source, unknown -> ++last);
  }

  /** The body of a "source" response. */
  synchronized JsonObject content(JsonObject arguments) {
    int reference = DapSession.number(arguments, "sourceReference");
    for (Map.Entry<Source, Integer> entry : sources.entrySet()) {
      if (entry.getValue() == reference) {
        JsonObject body = new JsonObject();
        body.addProperty("content", entry.getKey().getCharacters().toString());
        return body;
      }
    }
    throw new IllegalArgumentException("no source has the reference " + reference);
  }
}
