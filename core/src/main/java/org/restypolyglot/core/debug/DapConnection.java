package org.restypolyglot.core.debug;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the Debug Adapter Protocol on a socket: JSON, each behind a header with its length.
 *
 * <p><b>Threads</b>: {@link #read} one; the rest any. <b>Borrows</b>: the socket. <b>Failure</b>:
 * {@link #read} throws; what cannot be sent is dropped, as then {@link #read} ends, too.
 */
final class DapConnection implements AutoCloseable {
  private static final String LENGTH = "content-length:";
  private static final String TYPE = "content-type:";
  private static final int MAX_HEADER = 1024;
  private static final int MAX_MESSAGE = 16 << 20;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private int sequence; // under the lock

  DapConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream());
  }

  /** The next message; null at the end. */
  @Nullable JsonObject read() throws IOException {
    int length = -1;
    while (true) {
      String line = readLine();
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        break;
      }
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = length(line.substring(LENGTH.length()).strip());
      } else if (!line.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
        // A web page can make its reader's browser send a POST with such a message as its body.
        throw new IOException("not a header of the Debug Adapter Protocol: \"" + line + "\"");
      }
    }
    byte[] bytes = in.readNBytes(Math.max(0, length));
    try {
      if (JsonParser.parseString(new String(bytes, UTF_8)) instanceof JsonObject message) {
        return message;
      }
    } catch (JsonParseException bad) {
      // as below
    }
    throw new IOException("not a message of the Debug Adapter Protocol");
  }

  private static int length(String text) throws IOException {
    int length = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (length < 0 || length > MAX_MESSAGE) {
      throw new IOException("a message of length \"" + text + "\"");
    }
    return length;
  }

  private @Nullable String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (line.length() > MAX_HEADER) {
        throw new IOException("not a header of the Debug Adapter Protocol");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  /** Answers a request; a failure where {@code error} is not null. */
  void respond(JsonObject request, @Nullable JsonElement body, @Nullable String error) {
    JsonObject message = new JsonObject();
    message.addProperty("type", "response");
    message.add("request_seq", request.get("seq"));
    message.add("command", request.get("command"));
    message.addProperty("success", error == null);
    if (error != null) {
      message.addProperty("message", error);
    }
    send(message, body);
  }

  void event(String name, @Nullable JsonElement body) {
    JsonObject message = new JsonObject();
    message.addProperty("type", "event");
    message.addProperty("event", name);
    send(message, body);
  }

  private synchronized void send(JsonObject message, @Nullable JsonElement body) {
    message.addProperty("seq", ++sequence);
    if (body != null) {
      message.add("body", body);
    }
    byte[] bytes = message.toString().getBytes(UTF_8);
    try {
      out.write(("Content-Length: " + bytes.length + "\r\n\r\n").getBytes(US_ASCII));
      out.write(bytes);
      out.flush();
    } catch (IOException gone) {
      close();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      // it is as good as closed
    }
  }
}
