package org.restypolyglot.guest.js;

import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One request of {@code fetch} and its response. The listener gets, each in a turn of its own:
 *
 * <pre>
 * "drain"                            the request's body may be written on
 * "headers" status, lines, isHttp2   lines: name, value, name, value ...
 * "data" bytes                       once for each request()
 * "end"                              the same
 * "error" code, message, host, port  once; nothing comes after it
 * </pre>
 *
 * <p><b>Threads</b>: the guest thread calls the exported methods and {@link #close}, the client's
 * threads the rest. <b>Owns</b>: the exchange, until its end, its failure or {@link #close}.
 * <b>Borrows</b>: the loop. <b>Failure</b>: told to the listener.
 */
public final class FetchExchange implements AutoCloseable, FetchResponseBody.Listener {
  private static final int MAX_REPEATS = 2;

  private final HostLoop loop;
  private final Value listener;
  private final FetchRequest request;
  private final boolean trustsAll;
  private final FetchRequestBody upload = new FetchRequestBody(() -> tell("drain"));
  private final FetchResponseBody download = new FetchResponseBody(this);
  private int repeats;
  private volatile boolean isClosed;
  private volatile boolean hasHeaders;
  private volatile @Nullable CompletableFuture<HttpResponse<@Nullable Void>> response;

  FetchExchange(HostLoop loop, Value listener, FetchRequest request, boolean trustsAll) {
    this.loop = loop;
    this.listener = listener;
    this.request = request;
    this.trustsAll = trustsAll;
  }

  /** Sends the request, but for its body. */
  @Export
  public void start() {
    try {
      HttpClient client = FetchClient.get(trustsAll);
      if (request.hasUsualHost()) {
        send(client, request.build(upload));
      } else {
        FetchClient.EXECUTOR.execute(() -> sendResolved(client));
      }
    } catch (RuntimeException failure) {
      fail(failure);
    }
  }

  private void sendResolved(HttpClient client) {
    try {
      send(client, request.buildResolved(upload));
    } catch (UnknownHostException | RuntimeException failure) {
      fail(failure);
    }
  }

  private void send(HttpClient client, HttpRequest built) {
    CompletableFuture<HttpResponse<@Nullable Void>> sent = client.sendAsync(built, this::begin);
    response = sent;
    var unused =
        sent.whenComplete(
            (ignored, failure) -> {
              if (failure != null && mayRepeat(failure)) {
                repeats++;
                send(client, built);
              } else if (failure != null) {
                fail(failure);
              }
            });
    if (isClosed) {
      cancel(sent);
    }
  }

  /** A server may close an HTTP/2 connection just when the request is on its way. */
  private boolean mayRepeat(Throwable failure) {
    return !hasHeaders
        && !isClosed
        && repeats < MAX_REPEATS
        && request.isRepeatable()
        && FetchFailure.isEndOfHttp2(failure);
  }

  private BodySubscriber<@Nullable Void> begin(ResponseInfo info) {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, List<String>> header : info.headers().map().entrySet()) {
      for (String value : header.getValue()) {
        lines.append(header.getKey()).append('\n').append(value).append('\n');
      }
    }
    info.headers().firstValueAsLong("content-length").ifPresent(download::expect);
    hasHeaders = true;
    tell("headers", info.statusCode(), lines.toString(), info.version() == Version.HTTP_2);
    return download;
  }

  /**
   * A piece of the request's body. False: wait for "drain".
   *
   * @param buffer an ArrayBuffer
   */
  @Export
  public boolean write(Value buffer, int offset, int length) {
    return upload.write(HostBytes.copy(buffer, offset, length));
  }

  /** The request's body is complete. */
  @Export
  public void endBody() {
    upload.complete();
  }

  /** One more "data" is wanted, or "end". */
  @Export
  public void request() {
    download.request();
  }

  /** Ends the exchange wherever it is; the listener is told nothing more. */
  @Export
  @Override
  public void close() {
    isClosed = true;
    loop.release(this);
    CompletableFuture<HttpResponse<@Nullable Void>> sent = response;
    if (sent != null) {
      cancel(sent);
    }
  }

  private void cancel(CompletableFuture<HttpResponse<@Nullable Void>> sent) {
    sent.cancel(true);
    upload.cancel();
    download.cancel();
  }

  @Override
  public void data(ByteBuffer bytes) {
    tell("data", bytes);
  }

  @Override
  public void end() {
    tell("end");
    loop.release(this);
  }

  @Override
  public void fail(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    FetchFailure what = FetchFailure.of(cause, request.url(), hasHeaders);
    tell("error", what.code(), what.message(), what.host(), what.port());
    loop.release(this);
  }

  private void tell(String event, @Nullable Object... arguments) {
    if (isClosed) {
      return;
    }
    Object[] all = new Object[arguments.length + 1];
    all[0] = event;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    loop.enter(listener, all);
  }
}
