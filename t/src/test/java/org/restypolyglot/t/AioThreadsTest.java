package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/**
 * nginx's thread pools use the same way into the event loop as the host: neither may lose a
 * wake-up. A lost one hangs a request, which fails the test.
 */
class AioThreadsTest {
  private static final int CLIENTS = 8;
  private static final int REQUESTS = 3000;
  private static final int FILE_BYTES = 96 * 1024;

  private static Nginx start() {
    Nginx nginx =
        new NginxConf()
            .main("thread_pool default threads=4;")
            .server("location /files/ { aio threads; sendfile off; output_buffers 1 16k; }")
            .http("root .;")
            .location(
                "/call",
                "ngx.print((select(2, ngx.load_ffi('js:t/calls,init'):echo(ngx.var.arg_x))))")
            .location(
                "/later",
                "ngx.print((select(2, ngx.load_ffi('js:t/calls,init'):later(ngx.var.arg_x))))")
            .location("/top", "require('resty_ffi') ngx.load_ffi('js:t/calls,init')")
            .start();
    nginx.write("files/file", "x".repeat(FILE_BYTES));
    return nginx;
  }

  /** {@code count} requests, one after the other; how many came back as they should. */
  private static CompletableFuture<Void> client(AtomicLong left, Runnable request) {
    return CompletableFuture.runAsync(
        () -> {
          while (left.getAndDecrement() > 0) {
            request.run();
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  private static void file(Nginx nginx) {
    assertThat(nginx.get("/files/file")).hasSize(FILE_BYTES);
  }

  @Test
  void filesAndCalls_neverHang() {
    try (Nginx nginx = start()) {
      nginx.get("/top");
      AtomicLong files = new AtomicLong(REQUESTS);
      AtomicLong calls = new AtomicLong(REQUESTS);
      CompletableFuture<?>[] clients = new CompletableFuture<?>[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        String reply = "reply" + i;
        String path = (i % 4 < 2 ? "/call?x=" : "/later?x=") + reply;
        clients[i] =
            i % 2 == 0
                ? client(files, () -> file(nginx))
                : client(calls, () -> assertThat(nginx.get(path)).isEqualTo(reply));
      }
      CompletableFuture.allOf(clients).join();
      nginx.check();
    }
  }

  /** The host gets hold of the wake-up while the pool's threads are using it. */
  @ParameterizedTest
  @EnumSource(names = "JS")
  void firstLoad_whileFilesAreServed(Lang lang) {
    try (Nginx nginx = start()) {
      AtomicBoolean loaded = new AtomicBoolean();
      CompletableFuture<?>[] clients = new CompletableFuture<?>[4];
      AtomicLong served = new AtomicLong();
      for (int i = 0; i < clients.length; i++) {
        clients[i] =
            CompletableFuture.runAsync(
                () -> {
                  while (!loaded.get()) {
                    file(nginx);
                    served.incrementAndGet();
                  }
                },
                task -> Thread.ofPlatform().start(task));
      }
      Await.until("files", () -> served.get() > 50);
      assertThat(nginx.lua("return load('%s'):echo('x')", lang.spec("t/calls")))
          .isEqualTo("true, 'x'");
      loaded.set(true);
      CompletableFuture.allOf(clients).join();
      nginx.check();
    }
  }
}
