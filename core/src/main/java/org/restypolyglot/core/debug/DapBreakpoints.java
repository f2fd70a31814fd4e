package org.restypolyglot.core.debug;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.oracle.truffle.api.debug.Breakpoint;
import com.oracle.truffle.api.debug.DebuggerSession;
import com.oracle.truffle.api.source.Source;
import com.oracle.truffle.api.source.SourceSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client's breakpoints, by file. Each generation of a module is another source of the same file,
 * and gets them anew when it is loaded.
 *
 * <p><b>Threads</b>: any. <b>Borrows</b>: the sessions. <b>Failure</b>: a breakpoint that fits
 * nowhere stays unverified.
 */
final class DapBreakpoints {
  /** A breakpoint as the client wants it, and where it is installed. */
  private static final class Wanted {
    final int id;
    final JsonObject given;
    volatile @Nullable SourceSection resolved;
    volatile boolean known; // to the client
    private final List<Breakpoint> installed = new ArrayList<>();
    private boolean disposed;

    Wanted(int id, JsonObject given) {
      this.id = id;
      this.given = given;
    }

    synchronized void keep(Breakpoint breakpoint) {
      if (disposed) {
        breakpoint.dispose();
      } else {
        installed.add(breakpoint);
      }
    }

    synchronized void dispose() {
      disposed = true;
      installed.forEach(Breakpoint::dispose);
    }
  }

  private record Loaded(DebuggerSession session, Source source) {}

  private final DapConnection client;
  private final AtomicInteger ids = new AtomicInteger();
  private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stepping = new AtomicBoolean();
  // All else under the lock, under which nothing is called that is the engine's: it has its own.
  private final Map<String, List<Wanted>> byFile = new HashMap<>();
  private final Map<String, List<Loaded>> sources = new HashMap<>();
  private final List<DebuggerSession> sessions = new ArrayList<>();
  private final List<Breakpoint> exceptions = new ArrayList<>();
  private boolean caught;
  private boolean uncaught;

  DapBreakpoints(DapConnection client) {
    this.client = client;
  }

  void add(DebuggerSession session) {
    synchronized (this) {
      sessions.add(session);
    }
    addExceptions(session);
  }

  /** A source was loaded, or had been before. */
  void loaded(DebuggerSession session, Source source) {
    String path = DapSources.path(source);
    if (path == null || source.isInternal()) {
      return;
    }
    Loaded loaded = new Loaded(session, source);
    List<Wanted> all = new ArrayList<>();
    synchronized (this) {
      sources.computeIfAbsent(path, unknown -> new ArrayList<>()).add(loaded);
      byFile.forEach(
          (file, wanted) -> {
            if (isSame(file, path)) {
              all.addAll(wanted);
            }
          });
    }
    all.forEach(wanted -> soon(() -> install(wanted, loaded)));
  }

  /**
   * Runs it now, or leaves it to the thread that is at such a step: to install one looks at all
   * code of an engine, and waits where a guest is loading some; that guest, which may come here,
   * must not wait in turn.
   */
  private void soon(Runnable step) {
    steps.add(step);
    while (!steps.isEmpty() && stepping.compareAndSet(false, true)) {
      try {
        for (Runnable next = steps.poll(); next != null; next = steps.poll()) {
          next.run();
        }
      } finally {
        stepping.set(false);
      }
    }
  }

  /** A client may name a file by another way to it. */
  private static boolean isSame(String file, String loaded) {
    if (file.equals(loaded)) {
      return true;
    }
    try {
      return Path.of(file).getFileName().equals(Path.of(loaded).getFileName())
          && Path.of(file).toRealPath().equals(Path.of(loaded).toRealPath());
    } catch (IOException | RuntimeException notThere) {
      return false;
    }
  }

  /** Replaces those of one file; returns the body of the response. */
  JsonObject set(JsonObject arguments) {
    JsonElement path = arguments.getAsJsonObject("source").get("path");
    if (path == null) {
      throw new IllegalArgumentException("only files can have breakpoints");
    }
    String file = path.getAsString();
    List<Wanted> all = new ArrayList<>();
    if (arguments.get("breakpoints") instanceof JsonArray given) {
      given.forEach(one -> all.add(new Wanted(ids.incrementAndGet(), one.getAsJsonObject())));
    }
    List<Wanted> old;
    List<Loaded> there = new ArrayList<>();
    synchronized (this) {
      old = byFile.put(file, all);
      sources.forEach(
          (loadedFile, loaded) -> {
            if (isSame(file, loadedFile)) {
              there.addAll(loaded);
            }
          });
    }
    if (old != null) {
      old.forEach(wanted -> soon(wanted::dispose));
    }
    all.forEach(wanted -> there.forEach(loaded -> soon(() -> install(wanted, loaded))));
    JsonArray answers = new JsonArray();
    for (Wanted wanted : all) {
      wanted.known = true;
      answers.add(json(wanted));
    }
    JsonObject body = new JsonObject();
    body.add("breakpoints", answers);
    return body;
  }

  private void install(Wanted wanted, Loaded loaded) {
    Breakpoint.Builder builder =
        Breakpoint.newBuilder(loaded.source)
            .lineIs(DapSession.number(wanted.given, "line"))
            .resolveListener((breakpoint, section) -> resolved(wanted, section));
    int column = DapSession.number(wanted.given, "column");
    if (column > 0) {
      builder.columnIs(column);
    }
    Breakpoint breakpoint = builder.build();
    JsonElement condition = wanted.given.get("condition");
    if (condition != null && !condition.getAsString().isBlank()) {
      breakpoint.setCondition(condition.getAsString());
    }
    if (install(loaded.session, breakpoint)) {
      wanted.keep(breakpoint);
    }
  }

  /** Maybe on a guest thread, so without the lock. */
  private void resolved(Wanted wanted, SourceSection section) {
    wanted.resolved = section;
    if (!wanted.known) {
      return;
    }
    JsonObject body = new JsonObject();
    body.addProperty("reason", "changed");
    body.add("breakpoint", json(wanted));
    client.event("breakpoint", body);
  }

  private static JsonObject json(Wanted wanted) {
    JsonObject json = new JsonObject();
    SourceSection section = wanted.resolved;
    json.addProperty("id", wanted.id);
    json.addProperty("verified", section != null);
    json.addProperty(
        "line", section == null ? DapSession.number(wanted.given, "line") : section.getStartLine());
    return json;
  }

  void setExceptions(JsonObject arguments) {
    String filters = String.valueOf(arguments.get("filters"));
    List<Breakpoint> old;
    List<DebuggerSession> all;
    synchronized (this) {
      caught = filters.contains("\"all\"");
      uncaught = caught || filters.contains("\"uncaught\"");
      old = List.copyOf(exceptions);
      exceptions.clear();
      all = List.copyOf(sessions);
    }
    old.forEach(breakpoint -> soon(breakpoint::dispose));
    all.forEach(this::addExceptions);
  }

  private void addExceptions(DebuggerSession session) {
    Breakpoint breakpoint;
    synchronized (this) {
      if (!uncaught) {
        return;
      }
      breakpoint = Breakpoint.newExceptionBuilder(caught, uncaught).build();
      exceptions.add(breakpoint);
    }
    soon(() -> install(session, breakpoint));
  }

  /** Returns whether the session was there still. */
  private static boolean install(DebuggerSession session, Breakpoint breakpoint) {
    try {
      session.install(breakpoint);
      return true;
    } catch (IllegalStateException closed) { // the client has gone
      return false;
    }
  }
}
