package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code console}: levels, format directives, nested values. */
class ConsoleTest extends JsTestBase {

  /** What the log got from a handler with this body. */
  private List<String> logged(String body) throws Exception {
    js.log.clear();
    assertThat(js.run(body + "; return 'ran'")).isEqualTo("ran");
    return js.log.stream()
        .filter(line -> !line.contains("resty-polyglot: GraalJS"))
        .map(line -> line.replace("[js:main] ", ""))
        .toList();
  }

  @Test
  void levels() throws Exception {
    assertThat(
            logged(
                """
                console.error('e'); console.warn('w'); console.log('l'); console.info('i');
                console.debug('d'); print('p'); console.assert(true, 'no'); console.assert(false, 'a %d', 1);
                console.assert(0); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })
                """))
        .containsExactly(
            "ERROR e",
            "WARN w",
            "INFO l",
            "INFO i",
            "DEBUG d",
            "INFO p",
            "ERROR Assertion failed: a 1",
            "ERROR Assertion failed",
            "INFO { a: [Object] }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'%s is %d', 'x', 4.5, 'more', {a:1}      | x is 4.5 more { a: 1 }",
        "'%i %f %d', '42.9', '1.5x', '0x10'       | 42 1.5 16",
        "'%d %i %d', 5n, 6n, {}                   | 5n 6n NaN",
        "'%j', {a:[1,'b']}                        | {\"a\":[1,\"b\"]}",
        "'%s %s', {a:{b:1}}, [1]                  | { a: [Object] } [ 1 ]",
        "'%s', { toString: () => 'own' }          | own",
        "'%s', new (class A { toString() { return 'class' } }) | class",
        "'%s %s %s', null, undefined, Symbol('q') | null undefined Symbol(q)",
        "'%c styled %%', 'color: red'             | ` styled %`",
        "'100%'                                   | 100%",
        "'%s and %s', 1                           | 1 and %s",
        "'%x %s', 1                               | %x 1",
        "'%O', {a:{b:{c:{d:1}}}}                  | { a: { b: { c: [Object] } } }",
        "1, 'two', [3], null                      | 1 two [ 3 ] null",
        "'%s', -0                                 | -0",
      })
  void format(String arguments, String expected) throws Exception {
    assertThat(logged("console.log(" + arguments + ")")).isEqualTo(List.of("INFO " + expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ a: 1, 'b-c': 'x', [Symbol('s')]: 2n }      | { a: 1, 'b-c': 'x', [Symbol(s)]: 2n }",
        "[1, , 3, undefined, null]                     | [ 1, <1 empty item>, 3, undefined, null ]",
        "[]                                            | []",
        "{}                                            | {}",
        "{ a: { b: { c: {} } } }                       | { a: { b: { c: {} } } }",
        "{ a: { b: { c: { d: 1 } } } }                 | { a: { b: { c: [Object] } } }",
        "{ a: [[[[1]]]] }                              | { a: [ [ [Array] ] ] }",
        "new Map([['a', { b: 1 }]])                    | Map(1) { 'a' => { b: 1 } }",
        "new Set([1, 'b'])                             | Set(2) { 1, 'b' }",
        "new (class Foo { x = 1; #y = 2 })             | Foo { x: 1 }",
        "Object.create(null)                           | [Object: null prototype] {}",
        "new Date(0)                                   | 1970-01-01T00:00:00.000Z",
        "new Date(NaN)                                 | Invalid Date",
        "/a+/gi                                        | /a+/gi",
        "function named() {}                           | [Function: named]",
        "() => 1                                       | [Function (anonymous)]",
        "async function later() {}                     | [AsyncFunction: later]",
        "class A extends Map {}                        | [class A extends Map]",
        "Symbol('x')                                   | Symbol(x)",
        "new Uint8Array([1, 2])                        | Uint8Array(2) [ 1, 2 ]",
        "Buffer.from('hi')                             | <Buffer 68 69>",
        "new Uint8Array([1, 255]).buffer               | ArrayBuffer { [Uint8Contents]: <01 ff>, [byteLength]: 2 }",
        "new Number(3)                                 | [Number: 3]",
        "Object.assign(() => 1, { a: 1 })              | [Function (anonymous)] { a: 1 }",
        "{ get a() { throw 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} } | { a: [Getter], b: [Setter], c: [Getter/Setter] }",
        "{ [Symbol.for('nodejs.util.inspect.custom')]: () => 'CUSTOM' } | CUSTOM",
        "(() => { const a = { n: 1 }; a.self = a; return a })() | <ref *1> { n: 1, self: [Circular *1] }",
        "(() => { const a = [1]; a.push({ a }); return a })()   | <ref *1> [ 1, { a: [Circular *1] } ]",
        "[\"it's\", 'say \"x\"', 'a\\nb']               | [ \"it's\", 'say \"x\"', 'a\\nb' ]",
        "new WeakMap()                                 | WeakMap { <items unknown> }",
        "Promise.resolve(1)                            | Promise { 1 }",
        "Array.from({ length: 3 }, (_, i) => 'x'.repeat(30) + i) | `[\n  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0',\n  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1',\n  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx2'\n]`",
        "(function () { return arguments })(1)         | [Arguments] { '0': 1 }",
        "-0                                            | -0",
        "true                                          | true",
      })
  void inspect(String value, String expected) throws Exception {
    assertThat(logged("console.log(" + value + ")")).isEqualTo(List.of("INFO " + expected));
  }

  @Test
  void longThings_areCut() throws Exception {
    assertThat(logged("console.log(Array(150).fill(0))").getFirst()).contains("... 50 more items");
    assertThat(logged("const a = new Array(1e9); a[7] = 1; console.log(a)"))
        .containsExactly("INFO [ <7 empty items>, 1, <999999992 empty items> ]");
    assertThat(
            logged("console.log(new Map(Array.from({ length: 150 }, (_, i) => [i, i])))")
                .getFirst())
        .contains("99 => 99")
        .contains("... 50 more items");
    assertThat(logged("console.log(['x'.repeat(20000)])").getFirst())
        .contains("... 10000 more characters");
  }

  @Test
  void errors_showStackPropertiesAndCause() throws Exception {
    String line =
        logged(
                "console.log(Object.assign(new Error('outer', { cause: new TypeError('root') }), { code: 'E1' }))")
            .getFirst();
    assertThat(line)
        .startsWith("INFO Error: outer\n")
        .contains("main.js:2")
        .contains("[cause]: TypeError: root")
        .contains("code: 'E1'");
  }

  @Test
  void hostileValues_areShownSomehow() throws Exception {
    assertThat(
            logged(
                """
                const hostile = new Proxy({}, { get() { throw new Error('trap'); } });
                console.log({ get [Symbol.toStringTag]() { throw new Error('trap') } });
                console.log(hostile, { inside: hostile });
                console.log('%s %d %j %o', hostile, hostile, { toJSON() { throw 1 } }, hostile);
                const cycle = {}; cycle.cycle = cycle; console.log('%j', cycle)
                """))
        .hasSize(4)
        .contains("INFO {} { inside: {} }")
        .first()
        .asString()
        .contains("[cannot be shown: trap]");
  }

  @Test
  void groups_indent_countsAndTimersCount() throws Exception {
    assertThat(
            logged(
                """
                console.group('G'); console.warn('a\\nb'); console.group(); console.log('deep');
                console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out');
                console.count(); console.count('x'); console.count(); console.countReset(); console.count()
                """))
        .containsExactly(
            "INFO G",
            "WARN   a\n  b",
            "INFO     deep",
            "INFO out",
            "INFO default: 1",
            "INFO x: 1",
            "INFO default: 2",
            "INFO default: 1");
    assertThat(
            logged(
                "console.countReset('none'); console.timeEnd('none'); console.time('t'); console.time('t')"))
        .allMatch(line -> line.startsWith("WARN (node:"))
        .satisfiesExactly(
            line -> assertThat(line).contains(" Warning: Count for 'none' does not exist"),
            line -> assertThat(line).contains("No such label 'none' for console.timeEnd()"),
            line -> assertThat(line).contains("Label 't' already exists for console.time()"));
    assertThat(logged("console.time('t'); console.timeLog('t', 1); console.timeEnd('t')"))
        .allMatch(line -> line.matches("INFO t: \\d+(\\.\\d+)?ms( 1)?"))
        .hasSize(2);
  }

  @Test
  void trace_showsWhere() throws Exception {
    assertThat(logged("console.trace('here %d', 1)").getFirst())
        .startsWith("ERROR Trace: here 1\n    at ")
        .contains("main.js:2");
  }

  @Test
  void table_hasColumns() throws Exception {
    assertThat(
            logged(
                "console.table([{ a: 1, b: 'x' }, { a: 2, c: true }]); console.table(['v']); console.table(5)"))
        .containsExactly(
            """
            INFO ┌─────────┬───┬─────┬──────┐
            │ (index) │ a │ b   │ c    │
            ├─────────┼───┼─────┼──────┤
            │ 0       │ 1 │ 'x' │      │
            │ 1       │ 2 │     │ true │
            └─────────┴───┴─────┴──────┘""",
            """
            INFO ┌─────────┬────────┐
            │ (index) │ Values │
            ├─────────┼────────┤
            │ 0       │ 'v'    │
            └─────────┴────────┘""",
            "INFO 5");
  }

  @Test
  void unhandledRejections_andUncaughtExceptions_areLogged_andTheRuntimeLives() throws Exception {
    long queue =
        js.handler(
            """
            Promise.reject(new TypeError('nobody cares'));
            setTimeout(() => { throw new Error('in a timer'); }, 1);
            queueMicrotask(() => { throw new Error('in a microtask'); });
            process.nextTick(() => { throw new Error('in a tick'); });
            return 'alive';
            """);
    assertThat(js.text(queue, "m", null)).isEqualTo("alive");
    js.awaitLog("ERROR [js:main] Unhandled promise rejection: TypeError: nobody cares\n");
    js.awaitLog("ERROR [js:main] Uncaught exception: Error: in a timer\n");
    js.awaitLog("ERROR [js:main] Uncaught exception: Error: in a microtask\n");
    js.awaitLog("ERROR [js:main] Uncaught exception: Error: in a tick\n");
    assertThat(js.text(queue, "m", null)).isEqualTo("alive");
  }

  @Test
  void processListeners_getThemInstead() throws Exception {
    long queue =
        js.handler(
            """
            process.once('unhandledRejection', (reason) => console.log('got ' + reason));
            process.once('uncaughtException', (error) => console.log('caught ' + error.message));
            Promise.reject('a reason');
            setTimeout(() => { throw new Error('thrown'); }, 1);
            """);
    js.call(queue, "m", null);
    js.awaitLog("INFO [js:main] got a reason");
    js.awaitLog("INFO [js:main] caught thrown");
    assertThat(js.log).noneMatch(line -> line.contains("Unhandled") || line.contains("Uncaught"));
  }
}
