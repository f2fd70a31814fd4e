package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** The forms of a module, its handlers and their results, beyond the contract of all guests. */
class HandlersTest extends JsTestBase {

  private void assertLoadFails(String source, String... parts) throws Exception {
    js.write("main.js", source);
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main?,init"))
        .satisfies(e -> assertThat(e.text()).contains(parts));
  }

  @Test
  void init_mayBeOfModuleExports_orOfAClass() throws Exception {
    long object = js.loadText("module.exports = { init: () => (req) => req + '!' };");
    assertThat(js.text(object, "m", "a")).isEqualTo("a!");
    long instance =
        js.loadText(
            """
            class App {
              tail = '?';
              init() { return (req) => req + this.tail; }
            }
            module.exports = new App();
            """);
    assertThat(js.text(instance, "m", "a")).isEqualTo("a?");
  }

  @Test
  void classInstance_hasItsOwnAndInheritedMethods_andThis() throws Exception {
    long queue =
        js.loadText(
            """
            class Base { base() { return 'base ' + this.name; } }
            class Demo extends Base {
              #secret = 1;
              name = 'demo';
              own = (req) => 'own ' + this.name;
              method(req, task) { return `${task.method} ${this.name} ${this.#secret}`; }
              static still() {}
              get computed() { return () => 'computed ' + this.name; }
            }
            exports.init = () => new Demo();
            """);
    assertThat(js.text(queue, "method", "a")).isEqualTo("method demo 1");
    assertThat(js.text(queue, "own", "a")).isEqualTo("own demo");
    assertThat(js.text(queue, "base", "a")).isEqualTo("base demo");
    assertThat(js.text(queue, "computed", "a")).isEqualTo("computed demo");
    assertThat(js.text(queue, "constructor", "a")).startsWith("1: no method \"constructor\"");
    assertThat(js.text(queue, "hasOwnProperty", "a")).startsWith("1: no method");
    assertThat(js.text(queue, "__proto__", "a")).startsWith("1: no method");
    assertThat(js.text(queue, "name", "a"))
        .isEqualTo(
            "1: \"name\" of js:main is not a method, but string; there is own, method, base");
  }

  @Test
  void methodsOfBuiltinClasses_areNotCallable_ownOnesAre() throws Exception {
    long queue =
        js.loadText("exports.init = () => Object.assign(new Map(), { echo: (req) => req });");
    assertThat(js.text(queue, "echo", "a")).isEqualTo("a");
    assertThat(js.text(queue, "clear", "a"))
        .isEqualTo("1: no method \"clear\" in js:main; there is echo");
    long bare = js.loadText("exports.init = () => Object.create(null, {});");
    assertThat(js.text(bare, "x", "a"))
        .isEqualTo("1: no method \"x\" in js:main; there is nothing");
  }

  @Test
  void methodsMayChange() throws Exception {
    long queue =
        js.loadText(
            """
            exports.init = () => ({
              a() { this.b = () => 'new'; return 'a'; },
              b: () => 'old',
              c() { delete this.b; return 'c'; },
            });
            """);
    assertThat(js.text(queue, "b", "")).isEqualTo("old");
    assertThat(js.text(queue, "a", "")).isEqualTo("a");
    assertThat(js.text(queue, "b", "")).isEqualTo("new");
    assertThat(js.text(queue, "c", "")).isEqualTo("c");
    assertThat(js.call(queue, "b", "").rc()).isEqualTo(1);
  }

  @Test
  void loadFailures_nameModuleEntryAndWhatIsThere() throws Exception {
    assertLoadFails(
        "exports.start = 1; exports.other = () => 2;",
        "main.js exports no \"init\"",
        "it exports start, other");
    assertLoadFails("exports.init = 5;", "\"init\" of module ", "should be a function, got number");
    assertLoadFails("module.exports = null;", "exports no \"init\"; it exports nothing");
    assertLoadFails(
        "exports.init = () => 'text';", "should return a function or an object", "got string");
    assertLoadFails("exports.init = () => {};", "should return a function", "got undefined");
    assertLoadFails("exports.init = () => [];", "got array");
    assertLoadFails("exports.init = async () => null;", "got null");
    assertLoadFails(
        "exports.encoding = 'latin1'; exports.init = () => () => 1;", "\"encoding\"", "\"latin1\"");
    assertLoadFails("throw new Error('top level');", "top level");
    assertLoadFails("exports.init = () => Promise.reject('just text');", "just text");
  }

  @Test
  void entryFromObjectPrototype_isMissing() throws Exception {
    js.write("main.js", "exports.init = () => (req) => req;");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main,toString"))
        .withMessageContaining("exports no \"toString\"; it exports init");
  }

  @Test
  void legacyInit_returningANumber_isAnRc() throws Exception {
    js.write("main.js", "exports.init = (cfg, tq) => 3; exports.later = async () => -7;");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main,init"))
        .satisfies(e -> assertThat(e.rc()).isEqualTo(3));
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> js.load("main,later"))
        .satisfies(e -> assertThat(e.rc()).isEqualTo(-7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return 'text'                                         | text",
        "return 'a\\u0000b'                                    | a\0b",
        "return null                                           | (nil)",
        "return undefined                                      | (nil)",
        "return ''                                             | ''",
        "return 'lone \\ud800!'                                | lone \ufffd!",
        "return new TextEncoder().encode('typed')              | typed",
        "return new TextEncoder().encode('typed array').subarray(6)  | array",
        "return new TextEncoder().encode('whole').buffer       | whole",
        "return new DataView(new TextEncoder().encode('a view').buffer, 2) | view",
        "return new Uint16Array([0x4241, 0x4443])              | ABCD",
        "return new Uint8Array(0)                              | ''",
        "return Buffer.from('buffer')                          | buffer",
        "const s = new SharedArrayBuffer(2); new Uint8Array(s).fill(65); return s | AA",
        "return { then: (ok) => ok('thenable') }               | thenable",
        "return new Promise((ok) => setTimeout(ok, 1, 'later')) | later",
      })
  void results_areTheirBytes(String body, String expected) throws Exception {
    assertThat(js.run(body)).isEqualTo(expected);
    long sync = js.loadText("exports.init = () => () => {\n" + body + "\n};");
    assertThat(js.text(sync, "m", null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return 1                                      | got number",
        "return true                                   | got boolean",
        "return 10n                                    | got bigint",
        "return Symbol('s')                            | got symbol",
        "return () => 1                                | got function",
        "return [1]                                    | got array",
        "return {}                                     | got object",
        "return new Date()                             | got object (Date)",
        "return Object.create(null)                    | got object",
        "return new Proxy({}, { get: (t, n) => n === 'then' ? undefined : t }) | got object",
      })
  void otherResults_areErrorsThatNameTheType(String body, String expected) throws Exception {
    String start =
        "1: expected string, Buffer, TypedArray, DataView, ArrayBuffer, null or undefined";
    long sync = js.loadText("exports.init = () => () => {\n" + body + "\n};");
    assertThat(js.text(sync, "m", null)).isEqualTo(start + " from \"m\", " + expected);
    assertThat(js.run(body)).isEqualTo(start + " from \"run\", " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throw new Error('boom')                                      | 1: boom",
        "throw Object.assign(new Error('boom'), { rc: -3 })           | -3: boom",
        "throw Object.assign(new Error('boom'), { rc: 0 })            | 1: boom",
        "throw Object.assign(new Error('boom'), { rc: 1.5 })          | 1: boom",
        "throw Object.assign(new Error('boom'), { rc: '7' })          | 1: boom",
        "throw Object.assign(new Error('boom'), { rc: 2 ** 40 })      | 1: boom",
        "throw Object.assign(new Error('boom'), { rc: 6n })           | 6: boom",
        "throw Object.defineProperty(new Error('x'), 'rc', { get() { throw 1 } }) | 1: x",
        "throw new RangeError()                                       | 1: RangeError",
        "throw 'text'                                                 | 1: text",
        "throw undefined                                              | 1: undefined",
        "throw null                                                   | 1: null",
        "throw 42                                                     | 1: 42",
        "throw Symbol('s')                                            | 1: Symbol(s)",
        "throw { message: 'plain', rc: 4 }                            | 4: plain",
        "throw { toString() { throw 1 } }                             | 1: a value that cannot be shown",
        "throw Object.create(null)                                    | 1: a value that cannot be shown",
        "throw Object.defineProperty(new Error('m'), 'stack', { get() { throw 1 } }) | 1: m",
        "throw Object.defineProperty(new Error(), 'message', { get() { throw 1 } })  | 1: a value that cannot be shown",
        "throw new Proxy(new Error('proxied'), {})                    | 1: proxied",
        "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) | 1: a value that cannot be shown",
        "null.x                                                       | 1: Cannot read property 'x' of null",
        "missing()                                                    | 1: missing is not defined",
        "return { get then() { throw new Error('then') } }            | 1: then",
        "return { then() { throw Object.assign(new Error('in then'), { rc: 3 }) } } | 3: in then",
        "return new Proxy({}, { get() { throw new Error('trap') } })  | 1: trap",
        "throw new Error('lone \\udc00')                              | 1: lone \ufffd",
      })
  void failures_areRcAndMessage(String body, String expected) throws Exception {
    long sync = js.loadText("exports.init = () => () => {\n" + body + "\n};");
    assertThat(js.text(sync, "m", null)).isEqualTo(expected);
    assertThat(js.run(body)).isEqualTo(expected);
    assertThat(js.text(sync, "m", null)).as("after the failure").isEqualTo(expected);
  }

  @Test
  void failure_logsTheStackOfTheUsersCode_andItsCauses() throws Exception {
    long queue =
        js.loadText(
            """
            function inner() { throw new Error('inner', { cause: new TypeError('root') }); }
            exports.init = () => ({ get: (req) => inner() });
            """);
    js.call(queue, "get", "x");
    js.awaitLog("inner");
    String entry = js.log.stream().filter(line -> line.contains("inner")).findFirst().orElseThrow();
    assertThat(entry)
        .startsWith("ERROR [js:main] Error: inner\n")
        .contains("at inner (" + js.folder.resolve("main.js") + ":1:")
        .contains("main.js:2:")
        .contains("[cause]: TypeError: root")
        .doesNotContain("resty-polyglot:")
        .doesNotContain("org.restypolyglot");
  }

  @Test
  void firstLine_columnsAreThoseOfTheFile() throws Exception {
    long queue = js.loadText("exports.init = () => () => { throw new Error('one line'); };");
    js.call(queue, "m", null);
    js.awaitLog("one line");
    assertThat(js.log).anyMatch(line -> line.contains("main.js:1:"));
    assertThat(js.log).noneMatch(line -> line.matches("(?s).*main\\.js:1:\\d{3}.*"));
  }

  @Test
  void nilRequest_isNull() throws Exception {
    String look = "return [req === null, req == null, typeof req, task.body].join()";
    long queue = js.handler(look);
    assertThat(js.text(queue, "m", null)).isEqualTo("true,true,object,");
    long bytes =
        js.loadText("exports.encoding = null; exports.init = () => (req, task) => {" + look + "}");
    assertThat(js.text(bytes, "m", null)).isEqualTo("true,true,object,");
  }

  @Test
  void text_replacesInvalidUtf8_bodyKeepsIt() throws Exception {
    long queue =
        js.handler("return JSON.stringify([req, [...task.body], Buffer.isBuffer(task.body)])");
    Reply reply =
        js.host
            .call(queue, "m", new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}, null)
            .get(60, TimeUnit.SECONDS);
    assertThat(JsHarness.text(reply)).isEqualTo("[\"a\ufffdb\ufffd\",[97,255,98,195],true]");
  }

  @Test
  void text_mayBeLarge_andOfAnyScript() throws Exception {
    long queue =
        js.loadText(
            "exports.init = () => ({ echo: (req) => req, size: (req) => String(req.length) });");
    String large = "aé漢🙂\u0000".repeat(1_000_000);
    assertThat(js.text(queue, "echo", large)).isEqualTo(large);
    assertThat(js.text(queue, "size", large)).isEqualTo("6000000");
  }

  @Test
  void encodingNull_givesABufferOfTheUsersOwn() throws Exception {
    long queue =
        js.loadText(
            """
            exports.encoding = null;
            let kept;
            exports.init = () => (req, task) => {
              const text = `${Buffer.isBuffer(req)} ${req} ${req === task.body} ${kept ?? ''}`;
              req[0] = 88;
              kept = req;
              return text;
            };
            """);
    assertThat(js.text(queue, "m", "one")).isEqualTo("true one true ");
    assertThat(js.text(queue, "m", "two")).isEqualTo("true two true Xne");
  }

  @Test
  void task_outlivesItsReply() throws Exception {
    long queue =
        js.loadText(
            """
            let kept;
            exports.init = () => ({
              keep: (req, task) => { kept = task; return 'kept'; },
              look: () => `${kept.method} ${kept.body} ${kept.signal.aborted}`,
            });
            """);
    assertThat(js.text(queue, "keep", "body")).isEqualTo("kept");
    assertThat(js.text(queue, "look", "")).isEqualTo("keep body false");
  }

  @Test
  void cancel_abortsTheSignal_withAReason() throws Exception {
    long queue =
        js.loadText(
            """
            const seen = [];
            exports.init = () => ({
              wait: (req, task) => new Promise((resolve, reject) => {
                task.signal.onabort = (event) => {
                  const { reason } = task.signal;
                  seen.push(`${event.type} ${reason.name} ${reason.message} ${reason instanceof Error}`);
                  reject(reason);
                };
              }),
              late: (req, task) => new Promise((resolve) => setTimeout(() => {
                seen.push(`late ${task.signal.aborted} ${task.signal.reason?.name}`);
                resolve('too late');
              }, 100)),
              seen: () => seen.join('; '),
            });
            """);
    CompletableFuture<Reply> first = js.start(queue, "wait", "");
    CompletableFuture<Reply> second = js.start(queue, "wait", "");
    CompletableFuture<Reply> late = js.start(queue, "late", "");
    assertThat(js.text(queue, "seen", "")).isEmpty();
    js.host.cancel(first, CancelReason.TIMEOUT);
    js.host.cancel(second, CancelReason.CLIENT_GONE);
    js.host.cancel(late, CancelReason.CLIENT_GONE);
    CompletableFuture.allOf(first, second, late).get(60, TimeUnit.SECONDS);
    assertThat(js.text(queue, "seen", ""))
        .isEqualTo(
            "abort TimeoutError the call was cancelled: timeout true; "
                + "abort AbortError the call was cancelled: client gone true; "
                + "late true AbortError");
  }

  @Test
  void cancelledHandler_thatNeverSettles_doesNotHoldUpTheUnload() throws Exception {
    long queue = js.handler("if (req === 'stuck') await new Promise(() => {}); return req;");
    CompletableFuture<Reply> stuck = js.start(queue, "m", "stuck");
    assertThat(js.text(queue, "m", "x")).isEqualTo("x");
    js.host.cancel(stuck, CancelReason.TIMEOUT);
    js.unload(queue);
    assertThat(stuck).isDone();
  }

  @Test
  void deepRecursion_isAnErrorOfThatCall() throws Exception {
    long queue =
        js.loadText(
            """
            const deep = (n) => 1 + deep(n + 1);
            exports.init = () => ({ deep: () => String(deep(0)), echo: (req) => req });
            """);
    assertThat(js.text(queue, "deep", "")).isEqualTo("1: Maximum call stack size exceeded");
    assertThat(js.text(queue, "echo", "alive")).isEqualTo("alive");
  }

  @Test
  void changedBuiltins_doNotBreakReplies() throws Exception {
    long queue =
        js.loadText(
            """
            Promise.prototype.then = () => { throw new Error('patched'); };
            String.prototype.isWellFormed = () => { throw new Error('patched'); };
            Object.defineProperty(Uint8Array.prototype, 'byteLength', { get: () => 1 });
            exports.init = () => ({
              later: async (req) => { await 1; return req; },
              now: (req) => req,
              bytes: (req, task) => new TextEncoder().encode(req),
            });
            """);
    assertThat(js.text(queue, "later", "abc")).isEqualTo("abc");
    assertThat(js.text(queue, "now", "abc")).isEqualTo("abc");
    assertThat(js.text(queue, "bytes", "abc")).isEqualTo("abc");
  }

  @Test
  void dispose_thatThrows_isLogged_andTheUnloadEnds() throws Exception {
    long queue =
        js.loadText(
            """
            exports.init = () => (req) => req;
            exports.dispose = async () => { throw new Error('no dispose'); };
            """);
    js.unload(queue);
    js.awaitLog("dispose failed: Error: no dispose");
  }
}
