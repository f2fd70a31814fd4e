package org.restypolyglot.t.debug;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;

/** Speaks the DevTools protocol, as Chrome does. */
public final class DevToolsClient implements DebugClient {
  private static final String CLOSED = "closed";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Messages messages = new Messages();
  private final WebSocket socket;
  private int last;

  private DevToolsClient(String url) {
    this.socket = http.newWebSocketBuilder().buildAsync(URI.create(url), new Reader()).join();
    call("Runtime.enable", "{}");
    call("Debugger.enable", "{}");
    call("Runtime.runIfWaitingForDebugger", "{}");
    // GraalVM tells of it after its answer; a client that is gone by then costs it an exception.
    messages.await(
        "the context", m -> Messages.has(m, "method", "Runtime.executionContextCreated"));
  }

  /** Connects to the target of a language which a worker's log tells of. */
  public static DevToolsClient connect(Nginx nginx, long worker, String language) {
    Pattern told =
        Pattern.compile(" " + worker + "#.*debugger of " + language + ": devtools:.*[?]ws=(\\S+)");
    String[] url = {""};
    Await.until(
        "the debugger of " + language,
        () ->
            nginx.log().lines().stream()
                .map(told::matcher)
                .filter(Matcher::find)
                .peek(line -> url[0] = "ws://" + line.group(1))
                .anyMatch(line -> true));
    return new DevToolsClient(url[0]);
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        messages.add(JsonParser.parseString(text.toString()).getAsJsonObject());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end();
    }

    private void end() {
      JsonObject message = new JsonObject();
      message.addProperty("method", CLOSED);
      messages.add(message);
    }
  }

  private JsonObject call(String method, String parameters) {
    int id = ++last;
    String text =
        "{\"id\": %d, \"method\": \"%s\", \"params\": %s}".formatted(id, method, parameters);
    socket.sendText(text, true).join();
    JsonObject answer =
        messages.await("the answer to " + text, m -> m.has("id") && m.get("id").getAsInt() == id);
    if (answer.has("error")) {
      throw new AssertionError(text + ": " + answer);
    }
    return answer.getAsJsonObject("result");
  }

  @Override
  public void breakAt(Path file, int line) {
    call(
        "Debugger.setBreakpointByUrl",
        "{\"url\": \"%s\", \"lineNumber\": %d}".formatted(file.toUri(), line - 1));
  }

  @Override
  public Stop awaitStop() {
    JsonObject frame =
        messages
            .await("Debugger.paused", m -> Messages.has(m, "method", "Debugger.paused"))
            .getAsJsonObject("params")
            .getAsJsonArray("callFrames")
            .get(0)
            .getAsJsonObject();
    return new Stop(
        frame.get("functionName").getAsString(),
        Path.of(URI.create(frame.get("url").getAsString())).toString(),
        frame.getAsJsonObject("location").get("lineNumber").getAsInt() + 1,
        frame.get("callFrameId").getAsString(),
        "");
  }

  @Override
  public String evaluate(Stop stop, String expression) {
    return call(
            "Debugger.evaluateOnCallFrame",
            "{\"callFrameId\": \"%s\", \"expression\": \"%s\"}".formatted(stop.frame(), expression))
        .getAsJsonObject("result")
        .get("value")
        .getAsString();
  }

  @Override
  public void resume(Stop stop) {
    call("Debugger.resume", "{}");
  }

  @Override
  public void awaitEnd() {
    messages.await("the end of the connection", m -> Messages.has(m, "method", CLOSED));
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
