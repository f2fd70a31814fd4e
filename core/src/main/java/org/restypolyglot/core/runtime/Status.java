package org.restypolyglot.core.runtime;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.sources.LoadSources;

/**
 * What Lua's {@code __status()} tells of one runtime: the number of its generation, the files that
 * were loaded, how the last reload went.
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the host. <b>Failure</b>: none.
 */
final class Status {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final Host host;
  private final long taskQueue;

  // Under the lock.
  private int generation = 1;
  private LoadSources sources;
  private @Nullable JsonObject reload;

  Status(Host host, long taskQueue, LoadSources sources) {
    this.host = host;
    this.taskQueue = taskQueue;
    this.sources = sources;
  }

  /** The number of a generation that replaces another one. */
  synchronized int nextGeneration() {
    generation++;
    return generation;
  }

  synchronized int generation() {
    return generation;
  }

  /** A reload has succeeded: the generation is another one, made from {@code fresh}. */
  synchronized void reloaded(LoadSources fresh, Collection<Path> changed, Duration took) {
    sources = fresh;
    reload = reload("ok", changed, took);
    publish();
  }

  /** A reload has failed: everything else is as it was. */
  synchronized void reloadFailed(String error, Collection<Path> changed, Duration took) {
    reload = reload("failed", changed, took);
    reload.addProperty("error", error);
    publish();
  }

  private static JsonObject reload(String outcome, Collection<Path> changed, Duration took) {
    JsonObject object = new JsonObject();
    object.addProperty("outcome", outcome);
    object.addProperty("time", System.currentTimeMillis() / MILLIS);
    object.addProperty("duration", took.toNanos() / NANOS);
    object.add("changed", array(changed));
    return object;
  }

  private static JsonArray array(Collection<Path> paths) {
    JsonArray array = new JsonArray();
    paths.forEach(path -> array.add(path.toString()));
    return array;
  }

  /** Tells the host how things are now. */
  synchronized void publish() {
    JsonObject object = new JsonObject();
    object.addProperty("generation", generation);
    object.add("files", array(sources.files()));
    if (reload != null) {
      object.add("reload", reload);
    }
    host.status(taskQueue, object.toString());
  }
}
