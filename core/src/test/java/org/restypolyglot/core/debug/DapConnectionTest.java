package org.restypolyglot.core.debug;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may come in on the Debug Adapter's port. */
@Timeout(60)
class DapConnectionTest {
  private static final String MESSAGE = "{\"command\":\"threads\",\"seq\":1}";

  private static @Nullable JsonObject read(String bytes) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        DapConnection connection = new DapConnection(server.accept())) {
      client.getOutputStream().write(bytes.getBytes(UTF_8));
      client.shutdownOutput();
      return connection.read();
    }
  }

  @Test
  void message_isRead() throws IOException {
    String header = "content-length: " + MESSAGE.length() + "\r\n";
    assertThat(read(header + "\r\n" + MESSAGE)).hasToString(MESSAGE);
    assertThat(read(header + "Content-Type: application/json\r\n\r\n" + MESSAGE))
        .hasToString(MESSAGE);
    assertThat(read("")).isNull();
  }

  /** Else any web page could set a breakpoint whose condition is code of its own. */
  @Test
  void postOfABrowser_isRefused() {
    String post =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:4711\r\nContent-Type: text/plain\r\nContent-Length: "
            + MESSAGE.length()
            + "\r\n\r\n"
            + MESSAGE;
    assertThatIOException()
        .isThrownBy(() -> read(post))
        .withMessage("not a header of the Debug Adapter Protocol: \"POST / HTTP/1.1\"");
  }

  @Test
  void whatIsNoMessage_isRefused() {
    assertThatIOException().isThrownBy(() -> read("Content-Length: -1\r\n\r\n"));
    assertThatIOException().isThrownBy(() -> read("Content-Length: 99999999999\r\n\r\n"));
    assertThatIOException().isThrownBy(() -> read("Content-Length: 4\r\n\r\nnope"));
    assertThatIOException().isThrownBy(() -> read("x".repeat(5_000)));
  }
}
