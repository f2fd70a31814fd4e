package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.debug.DapClient;
import org.restypolyglot.t.debug.DebugClient;
import org.restypolyglot.t.debug.DebugClient.Stop;
import org.restypolyglot.t.debug.DevToolsClient;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Debuggers stop what handlers do, and nothing else. */
class DebuggerTest {
  private static final int INSPECT = NginxConf.freePort();
  private static final int DAP = NginxConf.freePort();

  /** Of the modules: where the local variable has its value. */
  private static final int LINE = 3;

  private static final String LISTENS = "resty-polyglot: debug";

  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(conf("inspect = " + INSPECT + ", dap = '127.0.0.1:" + DAP + "'"));

  private enum Protocol {
    DEVTOOLS,
    DAP
  }

  private static NginxConf conf(String setup) {
    return new NginxConf()
        .http("keepalive_timeout 0;")
        .http("init_worker_by_lua_block { require('resty_ffi').setup{" + setup + "} }");
  }

  private static Nginx nginx() {
    return NGINX.get();
  }

  private static Path write(Nginx nginx, Lang lang, String name, String text) {
    String code =
        switch (lang) {
          case JS ->
              """
              function work(req) {
                const local = req + '!';
                return '%s ' + local;
              }
              exports.init = () => ({ get: (req) => work(req) });
              """;
          case PY ->
              """
              def work(req):
                  local = req.decode() + '!'
                  return '%s ' + local
              class Demo:
                  def get(self, req, task): return work(req)
              def init(cfg): return Demo()
              """;
        };
    return nginx.write("gen/" + lang.file(name), code.formatted(text));
  }

  private static DebugClient connect(Nginx nginx, Protocol protocol, Lang lang) {
    return protocol == Protocol.DAP
        ? DapClient.connect(DAP)
        : DevToolsClient.connect(nginx, nginx.worker(), lang == Lang.JS ? "JavaScript" : "Python");
  }

  private static String get(String spec) {
    return nginx().lua("return load('%s'):get('x')", spec);
  }

  @ParameterizedTest
  @CsvSource({"DEVTOOLS, JS", "DAP, PY", "DAP, JS", "DEVTOOLS, PY"})
  void breakpoint_stopsACall_beforeAndAfterAHotReload(Protocol protocol, Lang lang) {
    String name = "stop_" + protocol.name().toLowerCase(Locale.ROOT) + lang.prefix();
    Path file = write(nginx(), lang, name, "one");
    String spec = lang.spec("gen/" + name + "?");
    assertThat(get(spec)).isEqualTo("true, 'one x!'");
    try (DebugClient client = connect(nginx(), protocol, lang)) {
      client.breakAt(file, LINE);
      for (String text : List.of("one", "two")) {
        if (text.equals("two")) {
          write(nginx(), lang, name, text);
          Await.until(
              "the reload",
              () -> nginx().lua("return load('%s'):__status().generation", spec).equals("2"));
        }
        CompletableFuture<String> call = nginx().luaAsync("return load('%s'):get('x')", spec);
        Stop stop = client.awaitStop();
        assertThat(stop.function()).isEqualTo("work");
        assertThat(stop.file()).isEqualTo(file.toString());
        assertThat(stop.line()).isEqualTo(LINE);
        assertThat(client.evaluate(stop, "local")).isEqualTo("x!");
        for (Lang other : Lang.values()) {
          assertThat(nginx().lua("return load('%s'):echo('meanwhile')", other.spec("t/calls")))
              .isEqualTo("true, 'meanwhile'");
        }
        assertThat(call).isNotDone();
        client.resume(stop);
        assertThat(call.join()).isEqualTo("true, '" + text + " x!'");
      }
    }
    assertThat(get(spec)).isEqualTo("true, 'two x!'");
  }

  /** Neither its own time-out nor the client's end breaks off what a developer looks at. */
  @ParameterizedTest
  @EnumSource
  void guards_areOff(Lang lang) {
    String name = "guards_" + lang.prefix();
    Path file = write(nginx(), lang, name, "one");
    String spec = lang.spec("gen/" + name + "?");
    assertThat(get(spec)).isEqualTo("true, 'one x!'");
    try (DebugClient client = connect(nginx(), Protocol.DAP, lang)) {
      client.breakAt(file, LINE);
      String code = "return load('%s'):get('x', {timeout = 0.1})";
      assertThat(nginx().lua(code, spec)).isEqualTo("false, 'timeout'");
      Stop stop = client.awaitStop();
      Await.pause(Duration.ofSeconds(7)); // without a debugger it would be interrupted, and closed
      assertThat(client.evaluate(stop, "local")).isEqualTo("x!");
      client.breakAt(file, 1000);
      client.resume(stop);
      assertThat(get(spec)).isEqualTo("true, 'one x!'");
      assertThat(nginx().log().newLines()).noneMatch(line -> line.contains("interrupted"));
    }
  }

  @Test
  void dap_tellsOfVariables_stepsAndEnds() {
    Path file = write(nginx(), Lang.PY, "steps", "one");
    assertThat(get("py:gen/steps,init")).isEqualTo("true, 'one x!'");
    CompletableFuture<String> call;
    try (DapClient client = DapClient.connect(DAP)) {
      client.breakAt(file, 2);
      call = nginx().luaAsync("return load('py:gen/steps,init'):get('x')");
      client.stepOver(client.awaitStop());
      Stop next = client.awaitStop();
      assertThat(next.line()).isEqualTo(3);
      assertThat(client.locals(next)).isEqualTo("req=b'x' local='x!'");
      assertThat(call).isNotDone();
    }
    assertThat(call.join()).isEqualTo("true, 'one x!'"); // the client's end lets it go
    assertThat(get("py:gen/steps,init")).isEqualTo("true, 'one x!'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'nonsense'", "'127.0.0.1:'", "'1.2.3.4:99999'", "70000", "0", "{}"})
  void wrongAddress_isAnErrorThatQuotesIt(String value) {
    for (String option : List.of("inspect", "dap")) {
      assertThat(
              nginx()
                  .lua("return pcall(require('resty_ffi').setup, {%s = %s})", option, value)
                  .replace("\"", "'"))
          .startsWith("false, ")
          .contains("setup." + option + " is ")
          .contains(value.replace("{}", ""))
          .contains("is needed");
    }
  }

  @Test
  void addressForOthers_isRefused_unlessItIsMeant() {
    int port = NginxConf.freePort();
    try (Nginx nginx = conf("inspect = '0.0.0.0:" + port + "'").start()) {
      nginx.log().expectError("js:t/calls", "debug_public = true");
      assertThat(nginx.lua("return ngx.load_ffi('js:t/calls,init')"))
          .startsWith("nil, 1, ")
          .contains("0.0.0.0:" + port)
          .contains("can run any code");
      nginx.check();
    }
    try (Nginx nginx = conf("debug_public = true, inspect = '0.0.0.0:" + port + "'").start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
      DevToolsClient.connect(nginx, nginx.worker(), "JavaScript").close();
      nginx.check();
    }
  }

  @Test
  void takenPort_isWaitedFor_andHandlersWork() throws IOException {
    int port = NginxConf.freePort();
    int dapPort = NginxConf.freePort();
    try (Nginx nginx = conf("inspect = " + port + ", dap = " + dapPort).start()) {
      nginx.expectLog(
          "\\[warn].*cannot listen on 127.0.0.1:" + port + " \\(Address already in use");
      nginx.expectLog("\\[warn].*cannot listen on 127.0.0.1:" + dapPort);
      try (ServerSocket taken = listen(port);
          ServerSocket dapTaken = listen(dapPort)) {
        assertThat(taken.isBound() && dapTaken.isBound()).isTrue();
        assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
        nginx.check();
      }
      DevToolsClient.connect(nginx, nginx.worker(), "JavaScript").close();
      nginx.check();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  @Test
  void onlyOneWorkerListens() {
    NginxConf conf =
        new NginxConf()
            .workers(3)
            .http(
                "init_worker_by_lua_block { require('resty_ffi').setup{inspect = %d}; ngx.load_ffi('js:t/calls,init') }"
                    .formatted(NginxConf.freePort()));
    try (Nginx nginx = conf.start()) {
      Await.until("all loads", () -> nginx.log().count("GraalJS .* on ") == 3);
      Await.until("the port", () -> nginx.log().count(LISTENS) > 0);
      assertThat(nginx.log().count(LISTENS)).isEqualTo(1);
      // The others do not even try.
      assertThat(nginx.workers().stream().filter(DebuggerTest::waitsForDebuggers)).hasSize(1);
      nginx.check();
    }
  }

  private static boolean waitsForDebuggers(long worker) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + worker + "/task"))) {
      return threads.anyMatch(thread -> isNamed(thread, "resty-debug"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNamed(Path thread, String name) {
    try {
      return Files.readString(thread.resolve("comm")).strip().equals(name);
    } catch (IOException ended) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"DEVTOOLS, HUP", "DEVTOOLS, QUIT", "DEVTOOLS, TERM", "DAP, HUP", "DAP, QUIT"})
  void endOfAWorker_isNotHeldUp(Protocol protocol, String signal) throws IOException {
    Lang lang = Lang.JS;
    int inspect = NginxConf.freePort();
    int dap = NginxConf.freePort();
    try (Nginx nginx = conf("inspect = " + inspect + ", dap = " + dap).start()) {
      Path file = write(nginx, lang, "end", "one");
      String code = "return load('js:gen/end,init'):get('x')";
      assertThat(nginx.lua(code)).isEqualTo("true, 'one x!'");
      try (DebugClient client =
          protocol == Protocol.DAP
              ? DapClient.connect(dap)
              : DevToolsClient.connect(nginx, nginx.worker(), "JavaScript")) {
        client.breakAt(file, LINE);
        CompletableFuture<String> call = nginx.luaAsync(code);
        client.awaitStop();
        if (signal.equals("HUP")) {
          Set<Long> old = nginx.reload();
          assertThat(call.join()).isEqualTo("true, 'one x!'");
          client.awaitEnd();
          nginx.awaitGone(old);
          assertThat(nginx.lua(code)).isEqualTo("true, 'one x!'");
          try (DebugClient next = DevToolsClient.connect(nginx, nginx.worker(), "JavaScript")) {
            next.breakAt(file, LINE);
            CompletableFuture<String> again = nginx.luaAsync(code);
            next.resume(next.awaitStop());
            assertThat(again.join()).isEqualTo("true, 'one x!'");
          }
          nginx.acceptWorkers();
          nginx.check();
        } else {
          nginx.signal(signal);
          nginx.awaitStop();
          client.awaitEnd();
          if (signal.equals("QUIT")) {
            assertThat(call.join()).isEqualTo("true, 'one x!'");
          } else {
            assertThat(call).failsWithin(Await.LIMIT);
          }
          listen(inspect).close();
          listen(dap).close();
        }
      }
    }
  }
}
