package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fetch} over TLS: HTTP/2, and certificates. */
class FetchTlsTest extends JsTestBase {
  private static final String TRUST = "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n";

  @Test
  void http2_manyStreamsOnOneConnection(@TempDir Path folder) throws Exception {
    try (Http2Server server = new Http2Server(new TestKeys(folder))) {
      assertThat(
              js.run(
                  TRUST
                      + """
                      await (await fetch('%1$s/first')).text();
                      const one = async (i) => {
                        const r = await fetch('%1$s/echo', { method: 'POST', body: 'n' + i });
                        return (await r.text()) === 'n' + i && r.statusText === '';
                      };
                      const all = await Promise.all(Array.from({ length: 40 }, (_, i) => one(i)));
                      return String(all.every(Boolean));
                      """
                          .formatted(server.url(""))))
          .isEqualTo("true");
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void http2_largeBodiesBothWays(@TempDir Path folder) throws Exception {
    try (Http2Server server = new Http2Server(new TestKeys(folder))) {
      assertThat(
              js.run(
                  TRUST
                      + """
                      const body = Buffer.alloc(10_000_000, 'abc');
                      const r = await fetch('%s', { method: 'PUT', body });
                      return String(Buffer.from(await r.arrayBuffer()).equals(body));
                      """
                          .formatted(server.url("/echo"))))
          .isEqualTo("true");
    }
  }

  @Test
  void http2_abortResetsTheStream(@TempDir Path folder) throws Exception {
    try (Http2Server server = new Http2Server(new TestKeys(folder))) {
      assertThat(
              js.run(
                  TRUST
                      + """
                      const controller = new AbortController();
                      const r = await fetch('%s', { signal: controller.signal });
                      setTimeout(() => controller.abort(), 10);
                      return r.text().catch((e) => e.name + ' ' + r.headers.get('x-path'));
                      """
                          .formatted(server.url("/silent?a=b%7Cc"))))
          .isEqualTo("AbortError /silent?a=b%7Cc");
      assertThat(server.reset.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void certificates_areVerified_asNodeSaysIt(@TempDir Path first, @TempDir Path second)
      throws Exception {
    String expired = "-startdate -3d -validity 1 -ext san=ip:127.0.0.1";
    try (TestServer selfSigned = new TestServer(new TestKeys(first));
        TestServer old = new TestServer(new TestKeys(second, expired.split(" ", -1)));
        ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answerWithoutTls(plain));
      assertThat(
              js.run(
                  """
                  const code = (url) => fetch(url).then((r) => r.status, (e) => e.cause.code);
                  return [await code('%1$s'), await code('%2$s'), await code('%3$s')].join(' ');
                  """
                      .formatted(
                          selfSigned.url("/echo"),
                          old.url("/echo"),
                          "https://127.0.0.1:" + plain.getLocalPort())))
          .isEqualTo("DEPTH_ZERO_SELF_SIGNED_CERT CERT_HAS_EXPIRED ERR_SSL_WRONG_VERSION_NUMBER");
      assertThat(
              js.run(
                  TRUST
                      + "return String((await fetch('%s')).status);"
                          .formatted(selfSigned.url("/echo"))))
          .isEqualTo("200");
    }
  }

  @Test
  void extraCertificates_areTrusted_forTheirNames(@TempDir Path folder) throws Exception {
    TestKeys keys = new TestKeys(folder, "-ext", "san=ip:127.0.0.1");
    try (TestServer server = new TestServer(keys)) {
      try (HttpClient client = client(keys.certificate().toString())) {
        assertThat(get(client, server.url("/echo"))).isEqualTo(200);
        assertThatThrownBy(() -> get(client, server.url("/echo").replace("127.0.0.1", "localhost")))
            .satisfies(
                failure ->
                    assertThat(FetchFailure.of(failure, server.url("/"), false).code())
                        .isEqualTo("ERR_TLS_CERT_ALTNAME_INVALID"));
      }
      try (HttpClient client = client(folder.resolve("missing.pem").toString())) {
        assertThatThrownBy(() -> get(client, server.url("/echo")))
            .rootCause()
            .hasMessageContaining("missing.pem");
      }
    }
  }

  private static void answerWithoutTls(ServerSocket server) {
    try (Socket connection = server.accept()) {
      connection.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(US_ASCII));
      connection.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpClient client(String extraFile) {
    return HttpClient.newBuilder().sslContext(FetchTrust.verifying(extraFile)).build();
  }

  private static int get(HttpClient client, String url) throws Exception {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
