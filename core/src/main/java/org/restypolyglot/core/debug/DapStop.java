package org.restypolyglot.core.debug;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.oracle.truffle.api.debug.Breakpoint;
import com.oracle.truffle.api.debug.DebugException;
import com.oracle.truffle.api.debug.DebugScope;
import com.oracle.truffle.api.debug.DebugStackFrame;
import com.oracle.truffle.api.debug.DebugValue;
import com.oracle.truffle.api.debug.SourceElement;
import com.oracle.truffle.api.debug.SuspendAnchor;
import com.oracle.truffle.api.debug.SuspendedEvent;
import com.oracle.truffle.api.source.SourceSection;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A guest thread that stands still, and tells of its frames and values meanwhile.
 *
 * <p><b>Threads</b>: {@link #ask} and {@link #release} any; all else the guest thread itself, as
 * the debugger's API wants it. <b>Borrows</b>: the event, until {@link #stay} returns. <b>
 * Failure</b>: {@link #answer} throws; the thread stays.
 */
final class DapStop {
  private static final int MOST_PROPERTIES = 1000;

  /** A question, and what to do instead when the thread has gone on. */
  private record Question(Runnable now, Runnable tooLate) {}

  private final int id;
  private final SuspendedEvent event;
  private final DapReferences references;
  private final Thread thread = Thread.currentThread();
  private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
  private boolean leaving; // the guest thread's
  private boolean gone; // under the lock

  DapStop(int id, SuspendedEvent event, DapReferences references) {
    this.id = id;
    this.event = event;
    this.references = references;
  }

  /** A step into or out of a function also comes by places that show nothing. */
  static boolean isWorthStopping(SuspendedEvent event) {
    if (!event.getBreakpoints().isEmpty() || !event.hasSourceElement(SourceElement.ROOT)) {
      return true;
    }
    if (event.getSuspendAnchor() == SuspendAnchor.BEFORE) {
      event.prepareStepInto(1);
      return false;
    }
    return true;
  }

  String name() {
    return thread.getName() + " (" + id + ")";
  }

  String reason() {
    if (event.getException() != null) {
      return "exception";
    }
    for (Breakpoint breakpoint : event.getBreakpoints()) {
      if (breakpoint.getKind() == Breakpoint.Kind.SOURCE_LOCATION) {
        return "breakpoint";
      }
    }
    return "step";
  }

  @Nullable String text() {
    DebugException exception = event.getException();
    return exception == null ? null : exception.getMessage();
  }

  /** Answers until it is let go. */
  void stay() {
    try {
      while (!leaving) {
        questions.take().now.run();
      }
    } catch (InterruptedException closed) { // the context is
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      gone = true;
    }
    questions.forEach(late -> late.tooLate.run());
  }

  void ask(Runnable now, Runnable tooLate) {
    synchronized (this) {
      if (!gone) {
        questions.add(new Question(now, tooLate));
        return;
      }
    }
    tooLate.run();
  }

  void release() {
    ask(() -> leaving = true, () -> {});
  }

  /** The body of the response to a request. */
  @Nullable JsonObject answer(String command, JsonObject arguments) {
    switch (command) {
      case "stackTrace" -> {
        return stackTrace(arguments);
      }
      case "scopes" -> {
        return scopes(frame(arguments));
      }
      case "variables" -> {
        return variables(references.get(DapSession.number(arguments, "variablesReference")));
      }
      case "evaluate" -> {
        return value(frame(arguments).eval(arguments.get("expression").getAsString()), "result");
      }
      case "setVariable" -> {
        return setVariable(arguments);
      }
      case "next" -> event.prepareStepOver(1);
      case "stepIn" -> event.prepareStepInto(1);
      case "stepOut" -> event.prepareStepOut(1);
      default -> event.prepareContinue();
    }
    leaving = true;
    if (!command.equals("continue")) {
      return null;
    }
    JsonObject body = new JsonObject();
    body.addProperty("allThreadsContinued", false);
    return body;
  }

  private DebugStackFrame frame(JsonObject arguments) {
    return (DebugStackFrame) references.get(DapSession.number(arguments, "frameId"));
  }

  private JsonObject stackTrace(JsonObject arguments) {
    int first = DapSession.number(arguments, "startFrame");
    int most = DapSession.number(arguments, "levels");
    JsonArray frames = new JsonArray();
    int index = 0;
    for (DebugStackFrame frame : event.getStackFrames()) {
      SourceSection section = frame.getSourceSection();
      if (frame.isInternal() || section == null || !DapSources.isUsers(section.getSource())) {
        continue;
      }
      if (index >= first && (most == 0 || index < first + most)) {
        frames.add(frame(frame, section, index == 0 && isAfter()));
      }
      index++;
    }
    JsonObject body = new JsonObject();
    body.add("stackFrames", frames);
    body.addProperty("totalFrames", index);
    return body;
  }

  private boolean isAfter() {
    return event.getSuspendAnchor() == SuspendAnchor.AFTER;
  }

  private JsonObject frame(DebugStackFrame frame, SourceSection section, boolean after) {
    JsonObject json = new JsonObject();
    json.addProperty("id", references.add(this, frame));
    json.addProperty("name", frame.getName() == null ? "(no name)" : frame.getName());
    json.add("source", DapSources.json(section.getSource(), references));
    json.addProperty("line", after ? section.getEndLine() : section.getStartLine());
    json.addProperty("column", after ? section.getEndColumn() : section.getStartColumn());
    return json;
  }

  private JsonObject scopes(DebugStackFrame frame) {
    JsonArray scopes = new JsonArray();
    for (DebugScope scope = frame.getScope(); scope != null; scope = scope.getParent()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", scope.isFunctionScope() ? "Local" : scope.getName());
      json.addProperty("variablesReference", references.add(this, scope));
      json.addProperty("expensive", false);
      scopes.add(json);
    }
    JsonObject body = new JsonObject();
    body.add("scopes", scopes);
    return body;
  }

  private JsonObject variables(Object of) {
    JsonArray variables = new JsonArray();
    for (DebugValue value : members(of)) {
      if (variables.size() == MOST_PROPERTIES) {
        break;
      }
      if (value.isReadable() && !value.isInternal()) {
        JsonObject json = value(value, "value");
        json.addProperty("name", value.getName());
        variables.add(json);
      }
    }
    JsonObject body = new JsonObject();
    body.add("variables", variables);
    return body;
  }

  private static Iterable<DebugValue> members(Object of) {
    if (of instanceof DebugScope scope) {
      return scope.getDeclaredValues();
    }
    DebugValue value = (DebugValue) of;
    List<DebugValue> elements = value.isArray() ? value.getArray() : List.of();
    Collection<DebugValue> properties = value.getProperties();
    return !elements.isEmpty() || properties == null ? elements : properties;
  }

  private JsonObject value(DebugValue value, String name) {
    JsonObject json = new JsonObject();
    json.addProperty(name, String.valueOf(value.toDisplayString()));
    DebugValue type = value.getMetaObject();
    if (type != null) {
      json.addProperty("type", type.getMetaSimpleName());
    }
    boolean isLeaf = value.isNull() || value.isString() || value.isNumber() || value.isBoolean();
    boolean hasMembers = !isLeaf && (value.isArray() || value.getProperties() != null);
    json.addProperty("variablesReference", hasMembers ? references.add(this, value) : 0);
    return json;
  }

  private JsonObject setVariable(JsonObject arguments) {
    Object of = references.get(DapSession.number(arguments, "variablesReference"));
    String name = arguments.get("name").getAsString();
    for (DebugValue variable : members(of)) {
      if (name.equals(variable.getName())) {
        JsonElement text = arguments.get("value");
        variable.set(event.getTopStackFrame().eval(text.getAsString()));
        return value(variable, "value");
      }
    }
    throw new IllegalArgumentException("there is no variable \"" + name + "\"");
  }
}
