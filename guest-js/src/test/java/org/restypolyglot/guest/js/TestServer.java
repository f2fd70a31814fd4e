package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server for fetch: /echo gives what came, /endless does not end, /silent says nothing
 * before it is released ...
 */
final class TestServer implements AutoCloseable {
  private static final int PIECE = 64 * 1024;

  /** The client of /endless has gone. */
  final CountDownLatch clientGone = new CountDownLatch(1);

  /** /silent has been asked. */
  final CountDownLatch asked = new CountDownLatch(1);

  private final CountDownLatch released = new CountDownLatch(1);
  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final boolean isSecure;

  /** Null: without TLS. */
  TestServer(@Nullable TestKeys keys) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    isSecure = keys != null;
    if (keys == null) {
      server = HttpServer.create(address, 0);
    } else {
      HttpsServer secure = HttpsServer.create(address, 0);
      secure.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
      server = secure;
    }
    server.createContext("/echo", TestServer::echo);
    server.createContext("/gzip", TestServer::gzip);
    server.createContext("/bytes", TestServer::bytes);
    server.createContext("/endless", this::endless);
    server.createContext("/silent", this::silent);
    server.createContext("/to-echo", exchange -> redirect(exchange, 302, "/echo"));
    server.createContext("/to-echo-307", exchange -> redirect(exchange, 307, "/echo"));
    server.createContext("/to-itself", exchange -> redirect(exchange, 302, "/to-itself"));
    server.createContext("/cut", TestServer::cut);
    server.setExecutor(executor);
    server.start();
  }

  String url(String path) {
    return (isSecure ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void echo(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("x-method", exchange.getRequestMethod());
    exchange
        .getResponseHeaders()
        .add("x-type", String.valueOf(exchange.getRequestHeaders().getFirst("content-type")));
    exchange
        .getResponseHeaders()
        .add("x-length", String.valueOf(exchange.getRequestHeaders().getFirst("content-length")));
    exchange.getResponseHeaders().add("set-cookie", "a=1");
    exchange.getResponseHeaders().add("set-cookie", "b=2");
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void gzip(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("unzipped ".repeat(1000).getBytes(UTF_8));
    }
    exchange.getResponseHeaders().add("content-encoding", "gzip");
    exchange.sendResponseHeaders(200, bytes.size());
    exchange.getResponseBody().write(bytes.toByteArray());
    exchange.close();
  }

  /** As many as the query says. */
  private static void bytes(HttpExchange exchange) throws IOException {
    long count = Long.parseLong(exchange.getRequestURI().getQuery());
    exchange.sendResponseHeaders(200, count);
    byte[] piece = new byte[PIECE];
    for (long sent = 0; sent < count; sent += PIECE) {
      exchange.getResponseBody().write(piece, 0, (int) Math.min(PIECE, count - sent));
    }
    exchange.close();
  }

  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try {
      while (released.getCount() > 0) {
        exchange.getResponseBody().write(new byte[PIECE]);
        exchange.getResponseBody().flush();
      }
    } catch (IOException e) {
      clientGone.countDown();
      throw e;
    }
  }

  private void silent(HttpExchange exchange) {
    asked.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("location", to);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write("half".getBytes(UTF_8));
    exchange.getResponseBody().flush();
    throw new IOException("cut");
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
