package org.restypolyglot.t.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/**
 * The client's side of a test's nginx: HTTP/1.1 on a port of 127.0.0.1.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: its connections, until {@link #closeConnections}.
 * <b>Failure</b>: an answer that is not 200 is an {@link AssertionError} with what came instead.
 */
public class Endpoint {
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  protected Endpoint(int port) {
    this.port = port;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public int port() {
    return port;
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Await.LIMIT);
  }

  public HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted during " + request, e);
    }
  }

  public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofByteArray());
  }

  /** The body of a GET's answer, as UTF-8. */
  public String get(String path) {
    return body(send(request(path).build()));
  }

  public CompletableFuture<String> getAsync(String path) {
    return sendAsync(request(path).build()).thenApply(Endpoint::body);
  }

  /** The body of a POST's answer. */
  public byte[] post(String path, byte[] body) {
    return ok(send(request(path).POST(BodyPublishers.ofByteArray(body)).build()));
  }

  /**
   * Runs {@code code} in a content phase, {@code require("resty_ffi")} done, and returns what it
   * returns as text: {@code true, 'hello'}; bytes that are no printable ASCII as {@code \x00}. See
   * {@code lua/t.lua} for the helpers that it has.
   *
   * @param arguments if any: {@code code} is a format string for them
   */
  public String lua(String code, Object... arguments) {
    return body(send(luaRequest(code, arguments)));
  }

  /** As {@link #lua}, without waiting. */
  public CompletableFuture<String> luaAsync(String code, Object... arguments) {
    return sendAsync(luaRequest(code, arguments)).thenApply(Endpoint::body);
  }

  @SuppressWarnings("AnnotateFormatMethod") // Much of the code is put together by the tests.
  private HttpRequest luaRequest(String code, Object... arguments) {
    String lua = arguments.length == 0 ? code : String.format(code, arguments);
    return request("/lua").POST(BodyPublishers.ofString(lua)).build();
  }

  private static String body(HttpResponse<byte[]> response) {
    return new String(ok(response), UTF_8);
  }

  private static byte[] ok(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new AssertionError(
          response.statusCode()
              + " from "
              + response.uri()
              + ":\n"
              + new String(response.body(), UTF_8));
    }
    return response.body();
  }

  protected void closeConnections() {
    http.shutdownNow();
  }
}
