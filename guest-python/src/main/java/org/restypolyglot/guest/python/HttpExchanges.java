package org.restypolyglot.guest.python;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.Proxy;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.polyglot.ThreadPools;

/**
 * What the module {@code resty_http} calls: Java's HTTP clients, and their exchanges.
 *
 * <p><b>Threads</b>: any; {@link #stop} too. What a client's own threads have received enters the
 * guest by {@link Entering}. <b>Owns</b>: the clients, each with its connections and a thread,
 * until {@code http_close} or {@link #stop}. <b>Failure</b>: is told to Python as text.
 */
final class HttpExchanges {
  /** Calls a function of Python's on the guest thread, with bytes to be read there; any thread. */
  @FunctionalInterface
  interface Entering {
    void enter(byte[] bytes, Value function, @Nullable Object... arguments);
  }

  /** Python's hold of something of Java's: an object without any member. */
  @SuppressWarnings("ClassCanBeRecord") // as TaskRef
  private static final class Ref<T> implements Proxy {
    final T target;

    Ref(T target) {
      this.target = target;
    }
  }

  private record Client(HttpClient http, HttpTrust trust) {}

  private static final double NANOS_PER_SECOND = 1e9;
  private static final byte[] NOTHING = {};
  private static final int THREADS = 4;
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Runs what arrives, for all clients of the process. */
  private static final ThreadPoolExecutor EXECUTOR =
      ThreadPools.endingWhenIdle("resty-http-", THREADS, IDLE);

  private final Entering entering;
  private final Set<HttpClient> clients = ConcurrentHashMap.newKeySet();

  HttpExchanges(Entering entering) {
    this.entering = entering;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("http_client", (ProxyExecutable) this::open);
    functions.put("http_send", (ProxyExecutable) this::send);
    functions.put("http_cancel", (ProxyExecutable) HttpExchanges::cancel);
    functions.put("http_close", (ProxyExecutable) this::close);
  }

  /** {@code http_client(ca | None, connect_seconds) -> ref}; a str says why there is none. */
  private Object open(Value... arguments) {
    String ca = textOrNull(arguments[0]);
    try {
      HttpTrust trust = new HttpTrust(ca);
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_2)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .sslContext(trust.context())
              .executor(EXECUTOR)
              .connectTimeout(duration(arguments[1].asDouble()))
              .build();
      clients.add(client);
      return new Ref<>(new Client(client, trust));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return HttpFailures.text(e);
    }
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
  }

  private static @Nullable String textOrNull(Value value) {
    return value.isNull() ? null : value.asString();
  }

  /**
   * {@code http_send(client, method, url, headers, body | None, done) -> ref}, or a str that says
   * what is wrong with the arguments. {@code headers}: names and values in turn, each followed by a
   * NUL. Then {@code done(error | None, status, version, headers, size)} is called once; the body
   * is read from the stream of requests.
   */
  private Object send(Value... arguments) {
    Client client = target(arguments[0], Client.class);
    Value done = arguments[5];
    HttpRequest request;
    CompletableFuture<HttpResponse<byte[]>> exchange;
    try {
      request = request(arguments);
      exchange = client.http.sendAsync(request, BodyHandlers.ofByteArray());
    } catch (IllegalArgumentException e) {
      return HttpFailures.text(e);
    }
    CompletionStage<HttpResponse<byte[]>> stage = exchange;
    stage.whenComplete(
        (response, failure) -> {
          if (response == null) {
            fail(done, HttpFailures.text(failure, client.trust.refusal(request.uri())));
          } else {
            finish(done, response);
          }
        });
    return new Ref<>(exchange);
  }

  private static HttpRequest request(Value... arguments) {
    Value body = arguments[4];
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(arguments[2].asString()))
            .method(
                arguments[1].asString(),
                body.isNull() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes(body)));
    String[] headers = arguments[3].asString().split("\0", -1);
    for (int i = 0; i + 1 < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder.build();
  }

  private static byte[] bytes(Value buffer) {
    byte[] bytes = new byte[Math.toIntExact(buffer.getBufferSize())];
    buffer.readBuffer(0, bytes, 0, bytes.length);
    return bytes;
  }

  private void fail(Value done, String text) {
    entering.enter(NOTHING, done, text, 0, "", "", 0);
  }

  private void finish(Value done, HttpResponse<byte[]> response) {
    String headers =
        response.headers().map().entrySet().stream()
            .filter(header -> !header.getKey().startsWith(":"))
            .flatMap(
                header -> header.getValue().stream().map(v -> header.getKey() + "\0" + v + "\0"))
            .collect(Collectors.joining());
    String version = response.version() == HttpClient.Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1";
    byte[] body = response.body();
    entering.enter(body, done, null, response.statusCode(), version, headers, body.length);
  }

  /** {@code http_cancel(exchange)}: resets its stream; {@code done} is called all the same. */
  private static @Nullable Object cancel(Value... arguments) {
    target(arguments[0], CompletableFuture.class).cancel(true);
    return null;
  }

  /** {@code http_close(client)}: its exchanges fail. */
  private @Nullable Object close(Value... arguments) {
    HttpClient client = target(arguments[0], Client.class).http;
    clients.remove(client);
    client.shutdownNow();
    return null;
  }

  private static <T> T target(Value ref, Class<T> type) {
    Ref<?> proxy = ref.asProxyObject();
    return type.cast(proxy.target);
  }

  /** Ends all clients. */
  void stop() {
    clients.forEach(HttpClient::shutdownNow);
    clients.clear();
  }
}
