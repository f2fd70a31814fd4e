package org.restypolyglot.core.debug;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.oracle.truffle.api.debug.DebugException;
import com.oracle.truffle.api.debug.DebuggerSession;
import com.oracle.truffle.api.debug.SourceElement;
import com.oracle.truffle.api.debug.SuspendedEvent;
import com.oracle.truffle.api.debug.SuspensionFilter;
import com.oracle.truffle.api.instrumentation.EventBinding;
import com.oracle.truffle.api.instrumentation.SourceFilter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One client of the Debug Adapter: a debugger session in each engine, presented as one program.
 *
 * <p><b>Threads</b>: {@link #run} the client's; {@link #add} and {@link #close} any; guest threads
 * come here when they stop, and stay until the client lets them go. <b>Owns</b>: the sessions and
 * breakpoints, until {@link #close}. <b>Failure</b>: a request that fails is answered so.
 */
final class DapSession implements AutoCloseable {
  /*
   * Threads
   * -------
   * Handlers run on whichever thread is free, so a list of threads would tell nothing. The client
   * sees one that stands for all that run, to be paused, and those that stand still, each by the
   * number of its stop.
   *
   * What a stopped thread has to do (frames, values) it does itself, between its requests: see
   * DapStop.
   */
  private static final int ALL_RUNNING = 1;

  private static final JsonObject CAPABILITIES = capabilities();

  private final DapConnection client;
  private final DapBreakpoints breakpoints;
  private final DapReferences references = new DapReferences();
  private final List<DebuggerSession> sessions = new CopyOnWriteArrayList<>();
  private final List<EventBinding<?>> bindings = new CopyOnWriteArrayList<>();
  private final Map<Integer, DapStop> stops = new ConcurrentHashMap<>();
  private boolean closed; // under the lock

  DapSession(DapConnection client) {
    this.client = client;
    this.breakpoints = new DapBreakpoints(client);
  }

  private static JsonObject capabilities() {
    JsonObject all = new JsonObject();
    for (String name :
        List.of(
            "supportsConfigurationDoneRequest",
            "supportsConditionalBreakpoints",
            "supportsEvaluateForHovers",
            "supportsSetVariable")) {
      all.addProperty(name, true);
    }
    JsonArray filters = new JsonArray();
    for (String name : List.of("all", "uncaught")) {
      JsonObject filter = new JsonObject();
      filter.addProperty("filter", name);
      filter.addProperty("label", name + " exceptions");
      filters.add(filter);
    }
    all.add("exceptionBreakpointFilters", filters);
    return all;
  }

  /** Debugs one more engine. */
  void add(EngineAccess engine) {
    DebuggerSession session =
        engine.debugger().startSession(this::stopped, SourceElement.STATEMENT, SourceElement.ROOT);
    session.setSteppingFilter(
        SuspensionFilter.newBuilder()
            .ignoreLanguageContextInitialization(true)
            .sourceSectionAvailableOnly(true)
            .sourceIs(DapSources::isUsers)
            .build());
    synchronized (this) {
      if (closed) {
        session.close();
        return;
      }
      sessions.add(session);
    }
    breakpoints.add(session);
    EventBinding<?> binding =
        engine
            .env()
            .getInstrumenter()
            .attachLoadSourceListener(
                SourceFilter.ANY, event -> breakpoints.loaded(session, event.getSource()), true);
    synchronized (this) {
      if (!closed) {
        bindings.add(binding);
        return;
      }
    }
    binding.dispose();
  }

  /** Serves the client until it goes. */
  void run() throws IOException {
    JsonObject request = client.read();
    while (request != null) {
      JsonElement command = request.get("command");
      if (command != null) {
        serve(command.getAsString(), request);
      }
      request = client.read();
    }
  }

  private void serve(String command, JsonObject request) {
    JsonObject arguments =
        request.get("arguments") instanceof JsonObject given ? given : new JsonObject();
    try {
      switch (command) {
        case "initialize" -> {
          client.respond(request, CAPABILITIES, null);
          client.event("initialized", null);
        }
        case "attach", "launch", "configurationDone" -> client.respond(request, null, null);
        case "setBreakpoints" -> client.respond(request, breakpoints.set(arguments), null);
        case "setExceptionBreakpoints" -> {
          breakpoints.setExceptions(arguments);
          client.respond(request, null, null);
        }
        case "threads" -> client.respond(request, threads(), null);
        case "pause" -> {
          sessions.forEach(DebuggerSession::suspendNextExecution);
          client.respond(request, null, null);
        }
        case "source" -> client.respond(request, references.content(arguments), null);
        case "continue", "next", "stepIn", "stepOut", "stackTrace" ->
            ask(stops.get(number(arguments, "threadId")), command, request, arguments);
        case "scopes", "evaluate" ->
            ask(references.stop(number(arguments, "frameId")), command, request, arguments);
        case "variables", "setVariable" ->
            ask(
                references.stop(number(arguments, "variablesReference")),
                command,
                request,
                arguments);
        case "disconnect", "terminate" -> {
          close();
          client.respond(request, null, null);
          client.event("terminated", null);
        }
        default -> client.respond(request, null, "\"" + command + "\" is not supported");
      }
    } catch (RuntimeException bad) {
      client.respond(request, null, command + ": " + bad.getMessage());
    }
  }

  static int number(JsonObject from, String name) {
    JsonElement value = from.get(name);
    return value == null || value.isJsonNull() ? 0 : value.getAsInt();
  }

  private void ask(
      @Nullable DapStop stop, String command, JsonObject request, JsonObject arguments) {
    Runnable tooLate =
        () -> client.respond(request, null, "it runs; only what stands still can tell");
    if (stop == null) {
      tooLate.run();
      return;
    }
    stop.ask(
        () -> {
          try {
            client.respond(request, stop.answer(command, arguments), null);
          } catch (DebugException thrown) {
            client.respond(request, null, thrown.getMessage());
          } catch (RuntimeException failure) {
            client.respond(request, null, command + ": " + failure);
          }
        },
        tooLate);
  }

  private JsonObject threads() {
    JsonArray all = new JsonArray();
    all.add(thread(ALL_RUNNING, "all that runs"));
    stops.forEach((id, stop) -> all.add(thread(id, stop.name())));
    JsonObject body = new JsonObject();
    body.add("threads", all);
    return body;
  }

  private static JsonObject thread(int id, String name) {
    JsonObject thread = new JsonObject();
    thread.addProperty("id", id);
    thread.addProperty("name", name);
    return thread;
  }

  /** On a guest thread, which stays here. */
  private void stopped(SuspendedEvent event) {
    if (!DapStop.isWorthStopping(event)) {
      return;
    }
    int id = ALL_RUNNING + (int) Thread.currentThread().threadId();
    DapStop stop = new DapStop(id, event, references);
    synchronized (this) {
      if (closed) {
        return;
      }
      stops.put(id, stop);
    }
    JsonObject body = new JsonObject();
    body.addProperty("reason", stop.reason());
    body.addProperty("threadId", id);
    body.addProperty("allThreadsStopped", false);
    String text = stop.text();
    if (text != null) {
      body.addProperty("text", text);
    }
    client.event("stopped", body);
    try {
      stop.stay();
    } finally {
      stops.remove(id);
      references.forget(stop);
    }
    JsonObject gone = new JsonObject();
    gone.addProperty("threadId", id);
    gone.addProperty("allThreadsContinued", false);
    client.event("continued", gone);
  }

  /** Lets go on what stands still, and removes the breakpoints. More than once is fine. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    stops.values().forEach(DapStop::release); // first, whatever else may wait for
    bindings.forEach(EventBinding::dispose);
    sessions.forEach(DebuggerSession::close);
    client.event("terminated", null);
  }
}
