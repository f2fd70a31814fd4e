package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** A load that takes long does not hold up the worker. */
class LoadWaitsTest {

  /** The JVM itself pauses inside its boot, until the test removes a file. */
  @Test
  void bootingJvm_doesNotBlockTheWorker() throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      Path paused = nginx.prefix().resolve("tmp/paused");
      String code =
          """
          require("resty_ffi").setup{jvm_options = {
              "-XX:+UnlockDiagnosticVMOptions", "-XX:+PauseAtStartup", "-XX:PauseAtStartupFile=%s"}}
          return load("js:t/calls,init"):echo("booted")
          """;
      CompletableFuture<String> load = nginx.luaAsync(code, paused);
      Await.until("the JVM's pause", () -> Files.exists(paused));
      for (int i = 0; i < 50; i++) {
        assertThat(nginx.get("/plain")).isEqualTo("plain");
        assertThat(nginx.lua("ngx.sleep(0.001) return 'lua too'")).isEqualTo("'lua too'");
      }
      assertThat(load).isNotDone();
      Files.delete(paused);
      assertThat(load.join()).isEqualTo("true, 'booted'");
      nginx.check();
    }
  }

  /** A guest's init blocks, until the test makes a file. */
  @ParameterizedTest
  @EnumSource
  void blockedInit_delaysNeitherWorkerNorOtherRuntimes(Lang lang) throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      Path gate = nginx.prefix().resolve("tmp/gate");
      CompletableFuture<String> load =
          nginx.luaAsync(
              "return load('%s'):x('opened')", lang.spec("t/gate", "blocked_init," + gate));
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      assertThat(nginx.lua("return load('py:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      assertThat(nginx.get("/plain")).isEqualTo("plain");
      assertThat(load).isNotDone();
      Files.createFile(gate);
      assertThat(load.join()).isEqualTo("true, 'opened'");
      nginx.check();
    }
  }

  /** A load belongs to the worker: who asked first may go away. */
  @ParameterizedTest
  @EnumSource
  void load_goesOnWithoutTheCoroutineThatAsked(Lang lang) throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      Path gate = nginx.prefix().resolve("tmp/gate");
      String spec = lang.spec("t/gate", "blocked_init," + gate);
      String code =
          """
          local thread = ngx.thread.spawn(function() return ngx.load_ffi("%s") end)
          ngx.sleep(0.05)
          return ngx.thread.kill(thread)
          """;
      assertThat(nginx.lua(code, spec)).isEqualTo("1");
      CompletableFuture<String> second = nginx.luaAsync("return load('%s'):x('y')", spec);
      assertThat(nginx.lua("ngx.sleep(0.1) return 'waits'")).isEqualTo("'waits'");
      assertThat(second).isNotDone();
      Files.createFile(gate);
      assertThat(second.join()).isEqualTo("true, 'y'");
      nginx.check();
    }
  }
}
