package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** Libraries in C and Go that know only the plain ABI. */
class NativeLibraryTest {
  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Path echo = Path.of("unset");

  @BeforeAll
  static void build() throws Exception {
    echo = NativeLibrary.compile("echo.c", tmp());
  }

  private static Path tmp() {
    return NGINX.get().prefix().resolve("tmp");
  }

  private static String call(Path library, String code) {
    return NGINX.get().lua("local rt = load('%s')\n%s", library, code);
  }

  @ParameterizedTest
  @CsvSource({"c, libffi_c_echo.so", "go, libffi_go_echo.so"})
  void example_echoes_unloads_andLoadsAgain(String folder, String name) throws Exception {
    Path library = NativeLibrary.example(folder, name);
    assertThat(call(library, "return rt:echo('hello')")).isEqualTo("true, 'hello'");
    assertThat(call(library, "return rt:echo('a\\0b\\255')")).isEqualTo("true, 'a\\x00b\\xff'");
    assertThat(call(library, "local ok, res = rt:echo(nil); return ok, res"))
        .isEqualTo("true, nil");
    assertThat(
            call(
                library,
                "local big = ('x'):rep(1e7); local ok, res = rt:echo(big); return res == big"))
        .isEqualTo("true");
    String cycles =
        """
        for i = 1, 50 do
            local rt = load("%s")
            local ok, res = rt:echo("cycle " .. i)
            if not ok or res ~= "cycle " .. i then return i, ok, res end
            rt:__unload()
            local refused, why = rt:echo("x")
            if refused or why ~= "task queue is finished" then return i, refused, why end
        end
        return "fifty times"
        """;
    assertThat(NGINX.get().lua(cycles, library)).isEqualTo("'fifty times'");
  }

  /** Go's "" comes as an unterminated byte with the length 0; what Lua sees has to be bounded. */
  @Test
  void emptyReplyOfGo_isBounded() throws Exception {
    Path library = NativeLibrary.example("go", "libffi_go_echo.so");
    assertThat(call(library, "local ok, res = rt:echo(''); return ok, #res <= 32"))
        .isEqualTo("true, true");
  }

  @Test
  void everyKindOfReply_reachesLua() {
    assertThat(call(echo, "return rt:m('echo')")).isEqualTo("true, 'echo'");
    assertThat(call(echo, "local ok, res = rt:m('nil'); return ok, res")).isEqualTo("true, nil");
    assertThat(call(echo, "local ok, res = rt:m(nil); return ok, res")).isEqualTo("true, nil");
    assertThat(call(echo, "return rt:m('empty')")).isEqualTo("true, ''");
    assertThat(call(echo, "return rt:m('text')")).isEqualTo("true, 'NUL-terminated'");
    assertThat(call(echo, "return rt:m('fail')")).isEqualTo("false, 3, 'it failed'");
    assertThat(call(echo, "local ok, rc, err = rt:m('failnil'); return ok, rc, err"))
        .isEqualTo("false, 4, nil");
    assertThat(
            call(echo, "local s = ('\\0x'):rep(5e6); local ok, res = rt:m(s); return ok, res == s"))
        .isEqualTo("true, true");
  }

  @Test
  void secondRespond_isRefused_andHarmsNothing() {
    NGINX.get().expectLog("\\[error] .*respond refused");
    assertThat(call(echo, "return rt:m('twice')")).isEqualTo("true, 'once'");
    assertThat(call(echo, "return rt:m('after')")).isEqualTo("true, 'after'");
  }

  @Test
  void respondToMadeUpTasks_isRefused_andHarmsNothing() {
    NGINX.get().expectLog("\\[error] .*respond refused");
    assertThat(call(echo, "return rt:m('made-up')")).isEqualTo("true, 'survived'");
  }

  @Test
  void initsRc_isNilRcErr() {
    NGINX.get().expectLog("\\[error].*libecho.so");
    assertThat(NGINX.get().lua("return ngx.load_ffi('%s', 'refuse')", echo)).startsWith("nil, 9, ");
  }

  /** With {@code unpin} the library itself goes at unload: the next load sees a rebuilt file. */
  @Test
  void unpin_letsARebuiltLibraryIn() throws Exception {
    Path first = NativeLibrary.compile("echo.c", tmp(), "-DVERSION=\"first\"");
    Path library = tmp().resolve("libunpin.so");
    java.nio.file.Files.copy(first, library);
    String code =
        """
        local rt = load("%s", nil, {unpin = true})
        local ok, res = rt:m("version")
        rt:__unload()
        return ok, res
        """;
    assertThat(NGINX.get().lua(code, library)).isEqualTo("true, 'first'");
    java.nio.file.Files.delete(library);
    NativeLibrary.gcc(
        NativeLibrary.resource("echo.c"),
        library,
        java.util.List.of("-shared", "-fPIC", "-DVERSION=\"second\""));
    String again =
        """
        for i = 1, 200 do
            local rt = load("%s", nil, {unpin = true})
            local _, res = rt:m("version")
            rt:__unload()
            if res == "second" then return res end
            ngx.sleep(0.05)
        end
        return "still the first"
        """;
    assertThat(NGINX.get().lua(again, library)).isEqualTo("'second'");
  }

  @Test
  void timeoutAndLateReply_ofALibrary() {
    Nginx nginx = NGINX.get();
    String code =
        """
        local results = t.parallel(300, function(i)
            return rt:m("reply " .. i, {timeout = 0.001})
        end)
        for i, result in ipairs(results) do
            if result[2] ~= "timeout" and result[2] ~= "reply " .. i then return i, result end
        end
        return t.all(300, function(i) return rt:m("again " .. i) end, function(i) return "again " .. i end)
        """;
    assertThat(nginx.lua("local rt = load('%s')\n%s", echo, code)).isEqualTo("'all as expected'");
  }
}
