package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * Guests and libraries that do what they should not: what becomes of it, and that nobody else
 * notices. More of libraries is in {@link NativeLibraryTest}, of unloads in {@link UnloadTest}.
 */
class MisuseTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static final Set<String> BREAKS_ITS_CONTEXT = Set.of("prototypes", "globals");

  @AfterEach
  void neighboursAnswer() {
    for (Lang lang : Lang.values()) {
      assertThat(NGINX.get().lua("return load('%s'):echo('near')", lang.spec("t/calls")))
          .isEqualTo("true, 'near'");
    }
  }

  private static void expectError(Lang lang, String text) {
    NGINX.get().log().expectError(lang.spec("t/misuse").replace(",init", ""), text);
  }

  /** In a handler, after its first await, in a timer, in a thread that it starts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # language | place | action       | the reply begins with                         | an error in the log
          JS | here   | process.exit        | false, 1, 'ERR_NOT_SUPPORTED: process.exit()  | process.exit() is not allowed
          JS | later  | process.exit        | false, 1, 'ERR_NOT_SUPPORTED: process.exit()  | process.exit() is not allowed
          JS | timer  | process.exit        | true, 'survived'                              | process.exit() is not allowed
          JS | here   | process.abort       | false, 1, 'ERR_NOT_SUPPORTED: process.abort() | process.abort() is not allowed
          JS | here   | process.kill        | false, 1, 'ERR_NOT_SUPPORTED: process.kill()  | process.kill() is not allowed
          JS | here   | process.reallyExit  | false, 1, 'ERR_NOT_SUPPORTED: process.reallyE | process.reallyExit() is not
          JS | here   | quit                | false, 1, 'quit is not defined                | quit is not defined
          JS | here   | unhandled rejection | true, 'survived'                              | nobody handles this
          JS | later  | unhandled rejection | true, 'survived'                              | nobody handles this
          JS | here   | prototypes          | true, 'survived'                              |
          JS | later  | globals             | true, 'survived'                              |
          PY | here   | sys.exit            | false, 1, '3'                                 | SystemExit: 3
          PY | later  | sys.exit            | false, 1, '3'                                 | SystemExit: 3
          PY | thread | sys.exit            | true, 'survived'                              |
          PY | here   | exit                | false, 1, '3'                                 | SystemExit: 3
          PY | here   | KeyboardInterrupt   | false, 1, 'KeyboardInterrupt'                 | KeyboardInterrupt
          PY | later  | KeyboardInterrupt   | false, 1, 'KeyboardInterrupt'                 | KeyboardInterrupt
          PY | here   | os._exit            | false, 1, 'os._exit: a guest cannot end the worker | os._exit: a guest cannot end
          PY | later  | os._exit            | false, 1, 'os._exit: a guest cannot end the worker | os._exit: a guest cannot end
          PY | thread | os._exit            | true, 'survived' | os._exit: a guest cannot end
          PY | timer  | os._exit            | true, 'survived' | os._exit: a guest cannot end
          PY | here   | os.kill             | false, 1, '                                   | os.kill
          PY | here   | os.fork             | false, 1, 'os.fork: a guest cannot            | os.fork
          PY | thread | os.fork             | true, 'survived'                              | os.fork
          PY | here   | os.chdir            | true, 'survived'                              |
          """)
  void inAHandler_endsNothingElse(
      Lang lang, String place, String action, String reply, String error) {
    if (error != null) {
      expectError(lang, error);
    }
    String code =
        """
        local rt = load("%s")
        local result, still = t.pack(rt:%s("%s")), t.pack(rt:echo("still"))
        if %s then rt:__unload() end
        return result, still
        """;
    boolean broken = BREAKS_ITS_CONTEXT.contains(action);
    assertThat(NGINX.get().lua(code, lang.spec("t/misuse"), place, action, broken))
        .startsWith("{" + reply)
        .endsWith("{true, 'still'}");
  }

  @ParameterizedTest
  @CsvSource({
    "JS, process.exit, process.exit() is not allowed",
    "PY, sys.exit, SystemExit: 3",
    "PY, os._exit, os._exit: a guest cannot end",
    "PY, KeyboardInterrupt, KeyboardInterrupt",
  })
  void inTheEntryOrInDispose_isAnErrorThere(Lang lang, String action, String error) {
    expectError(lang, error);
    assertThat(
            NGINX.get().lua("return ngx.load_ffi('%s,%s in init')", lang.spec("t/misuse"), action))
        .startsWith("nil, 1, '");
    NGINX.get().check();

    expectError(lang, error);
    String code =
        """
        local spec = "%s,%s in dispose"
        local rt = load(spec)
        rt:echo("x")
        return rt:__unload()
        """;
    assertThat(NGINX.get().lua(code, lang.spec("t/misuse"), action)).isEqualTo("true");
  }

  /** Its own output is lost, and nobody else's; calls go on. */
  @ParameterizedTest
  @CsvSource({
    "os.close, Bad file descriptor",
    "stdout.close, I/O operation on closed file",
    "no stdout, ",
  })
  void closedOutput_isTheGuestsOwnLoss(String action, String error) {
    Nginx nginx = NGINX.get();
    if (error != null) {
      expectError(Lang.PY, error);
    }
    nginx.expectLog("\\[js:t/log\\] still heard");
    String code =
        """
        local rt = load("py:t/misuse,init,%s")
        rt:here("%1$s")
        rt:print("not heard")
        local still = t.pack(rt:echo("still"))
        load("js:t/log,init"):print("still heard")
        rt:__unload()
        return still
        """;
    assertThat(nginx.lua(code, action)).isEqualTo("{true, 'still'}");
  }

  private static long ticks(Nginx nginx, String action) {
    return nginx.log().count("tick of " + action);
  }

  private static void startTicking(Nginx nginx, Lang lang, String action) {
    String code = "return load('%s'):here('%s')";
    assertThat(nginx.lua(code, lang.spec("t/misuse", "init,ticks"), action))
        .isEqualTo("true, 'survived'");
    Await.until("ticks", () -> ticks(nginx, action) > 3);
  }

  @ParameterizedTest
  @CsvSource({"JS, intervals", "PY, tasks", "PY, threads"})
  void whatAGuestNeverStops_endsWithTheRuntime(Lang lang, String action) {
    Nginx nginx = NGINX.get();
    startTicking(nginx, lang, action);
    assertThat(nginx.lua("return load('%s'):__unload()", lang.spec("t/misuse", "init,ticks")))
        .isEqualTo("true");
    Await.until(
        "the last tick",
        () -> {
          long before = ticks(nginx, action);
          Await.pause(Duration.ofSeconds(1));
          return ticks(nginx, action) == before;
        });
    assertThat(nginx.lua("return load('%s'):echo('next')", lang.spec("t/misuse", "init,ticks")))
        .isEqualTo("true, 'next'");
    nginx.lua("load('%s'):__unload()", lang.spec("t/misuse", "init,ticks"));
  }

  @ParameterizedTest
  @CsvSource({"JS, intervals", "PY, tasks", "PY, threads"})
  void whatAGuestNeverStops_keepsNoWorker(Lang lang, String action) {
    try (Nginx nginx = new NginxConf().start()) {
      startTicking(nginx, lang, action);
      nginx.signal("QUIT");
      nginx.awaitStop();
    }
  }

  /** A library may answer after the end of its queue, but each task only once. */
  @Test
  void respondAfterUnload_isTaken_andASecondOneRefused() throws Exception {
    Nginx nginx = NGINX.get();
    Path library = NativeLibrary.compile("late.c", nginx.prefix().resolve("tmp"));
    nginx.expectLog("\\[error] .*respond refused: task 0x\\w+ is answered already");
    String code =
        """
        local rt = load("%s")
        local kept = ngx.thread.spawn(rt.m, rt, "keep")
        local forgotten = ngx.thread.spawn(rt.m, rt, "forget")
        local timed_out = t.pack(rt:m("forget", {timeout = 0.05}))
        local echo = t.pack(rt:m("echo"))
        rt:__unload()
        rt:__unload()
        local late, too_late = t.pack(ngx.thread.wait(kept)), t.pack(ngx.thread.wait(forgotten))
        return echo, timed_out, late, too_late, t.pack(rt:m("x"))
        """;
    assertThat(nginx.lua(code, library))
        .isEqualTo(
            "{true, 'echo'}, {false, 'timeout'}, {true, true, 'late'}, {true, true, 'too late'},"
                + " {false, 'task queue is finished'}");
  }
}
