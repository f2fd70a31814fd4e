package org.restypolyglot.t.debug;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.restypolyglot.t.harness.Await;

/** What came in, in its order. {@link #add} any thread, {@link #await} the test's. */
final class Messages {
  private final BlockingQueue<JsonObject> incoming = new LinkedBlockingQueue<>();
  private final List<JsonObject> seen = new ArrayList<>();

  void add(JsonObject message) {
    incoming.add(message);
  }

  /** The first one that is wanted; it is taken out, others stay. */
  JsonObject await(String what, Predicate<JsonObject> wanted) {
    for (Iterator<JsonObject> known = seen.iterator(); known.hasNext(); ) {
      JsonObject message = known.next();
      if (wanted.test(message)) {
        known.remove();
        return message;
      }
    }
    while (true) {
      JsonObject message;
      try {
        message = incoming.poll(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
      if (message == null) {
        throw new AssertionError("waited in vain for " + what + "; there was\n" + seen);
      }
      if (wanted.test(message)) {
        return message;
      }
      seen.add(message);
    }
  }

  static boolean has(JsonObject message, String name, String value) {
    return message.has(name) && message.get(name).getAsString().equals(value);
  }
}
