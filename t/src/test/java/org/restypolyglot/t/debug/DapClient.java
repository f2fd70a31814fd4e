package org.restypolyglot.t.debug;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;

/** Speaks the Debug Adapter Protocol, as VS Code does. */
public final class DapClient implements DebugClient {
  private static final String CLOSED = "closed";

  private final Messages messages = new Messages();
  private final Socket socket;
  private int last;

  private DapClient(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    Thread.ofPlatform().daemon().start(this::read);
    request("initialize", "{\"adapterID\": \"t\"}");
    messages.await("initialized", m -> Messages.has(m, "event", "initialized"));
    request("attach", "{}");
    request("configurationDone", "{}");
  }

  public static DapClient connect(int port) {
    try {
      return new DapClient(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        StringBuilder header = new StringBuilder();
        while (!header.toString().endsWith("\r\n\r\n")) {
          int b = in.read();
          if (b < 0) {
            throw new IOException("the end");
          }
          header.append((char) b);
        }
        int length = Integer.parseInt(header.toString().replaceAll("\\D", ""));
        String text = new String(in.readNBytes(length), UTF_8);
        messages.add(JsonParser.parseString(text).getAsJsonObject());
      }
    } catch (IOException end) {
      JsonObject message = new JsonObject();
      message.addProperty("event", CLOSED);
      messages.add(message);
    }
  }

  private JsonObject request(String command, String arguments) {
    int id = ++last;
    String text =
        "{\"seq\": %d, \"type\": \"request\", \"command\": \"%s\", \"arguments\": %s}"
            .formatted(id, command, arguments);
    byte[] bytes = text.getBytes(UTF_8);
    try {
      socket
          .getOutputStream()
          .write(("Content-Length: " + bytes.length + "\r\n\r\n" + text).getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonObject answer =
        messages.await(
            "the answer to " + text,
            m -> m.has("request_seq") && m.get("request_seq").getAsInt() == id);
    if (!answer.get("success").getAsBoolean()) {
      throw new AssertionError(text + ": " + answer);
    }
    return answer.has("body") ? answer.getAsJsonObject("body") : new JsonObject();
  }

  @Override
  public void breakAt(Path file, int line) {
    request(
        "setBreakpoints",
        "{\"source\": {\"path\": \"%s\"}, \"breakpoints\": [{\"line\": %d}]}"
            .formatted(file, line));
  }

  @Override
  public Stop awaitStop() {
    JsonObject stopped =
        messages.await("stopped", m -> Messages.has(m, "event", "stopped")).getAsJsonObject("body");
    String thread = stopped.get("threadId").getAsString();
    JsonObject frame =
        request("stackTrace", "{\"threadId\": " + thread + "}")
            .getAsJsonArray("stackFrames")
            .get(0)
            .getAsJsonObject();
    return new Stop(
        frame.get("name").getAsString(),
        frame.getAsJsonObject("source").get("path").getAsString(),
        frame.get("line").getAsInt(),
        frame.get("id").getAsString(),
        thread);
  }

  /** As the language shows it: Python's strings have quotes. */
  @Override
  public String evaluate(Stop stop, String expression) {
    return request(
            "evaluate",
            "{\"frameId\": %s, \"expression\": \"%s\"}".formatted(stop.frame(), expression))
        .get("result")
        .getAsString()
        .replace("'", "");
  }

  /** The variables of a frame, by name, as the client's window would show them. */
  public String locals(Stop stop) {
    JsonObject scope =
        request("scopes", "{\"frameId\": " + stop.frame() + "}")
            .getAsJsonArray("scopes")
            .get(0)
            .getAsJsonObject();
    StringBuilder text = new StringBuilder();
    request("variables", "{\"variablesReference\": " + scope.get("variablesReference") + "}")
        .getAsJsonArray("variables")
        .forEach(
            each ->
                text.append(each.getAsJsonObject().get("name").getAsString())
                    .append('=')
                    .append(each.getAsJsonObject().get("value").getAsString())
                    .append(' '));
    return text.toString().strip();
  }

  /** Goes on to the next line of the same function. */
  public void stepOver(Stop stop) {
    request("next", "{\"threadId\": " + stop.thread() + "}");
  }

  @Override
  public void resume(Stop stop) {
    request("continue", "{\"threadId\": " + stop.thread() + "}");
  }

  @Override
  public void awaitEnd() {
    messages.await(
        "the end of the session",
        m -> Messages.has(m, "event", "terminated") || Messages.has(m, "event", CLOSED));
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
