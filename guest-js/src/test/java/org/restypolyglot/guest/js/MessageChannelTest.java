package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MessageChannel, BroadcastChannel, and the structured clone algorithm between contexts. */
class MessageChannelTest extends JsTestBase {
  /** Sends a value to a Worker and back, and shows what has come. */
  private static final String ROUND_TRIP =
      """
      const { Worker } = require('worker_threads');
      const { inspect } = require('util');
      const worker = new Worker(
        'const { parentPort: p } = require("worker_threads"); p.once("message", (m) => p.postMessage(m))',
        { eval: true });
      const back = (value, transfer) => new Promise((resolve, reject) => {
        worker.on('message', resolve).on('error', reject).on('messageerror', reject);
        worker.postMessage(value, transfer);
      });
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1.5                                  | 1.5",
        "-0                                   | -0",
        "10n ** 30n                           | 1000000000000000000000000000000n",
        "'text \\u00e4 \\ud800'               | 'text ä \\ud800'",
        "undefined                            | undefined",
        "null                                 | null",
        "[1, , 'x', [true]]                   | [ 1, <1 empty item>, 'x', [ true ] ]",
        "Object.assign([1], { named: 2 })     | [ 1, named: 2 ]",
        "{ a: { b: [] }, 5: 'five' }          | { '5': 'five', a: { b: [] } }",
        "JSON.parse('{\"__proto__\": 1}')     | { ['__proto__']: 1 }",
        "new Map([[{ k: 1 }, new Set([NaN])]]) | Map(1) { { k: 1 } => Set(1) { NaN } }",
        "new Date(0)                          | 1970-01-01T00:00:00.000Z",
        "new Date(NaN)                        | Invalid Date",
        "/a\\/b/giu                           | /a\\/b/giu",
        "[Object(1), Object('s'), Object(false), Object(1n)]"
            + " | [ [Number: 1], [String: 's'], [Boolean: false], [BigInt: 1n] ]",
        "new Uint8Array([1, 2, 3]).subarray(1) | Uint8Array(2) [ 2, 3 ]",
        "new Float64Array([1.5])              | Float64Array(1) [ 1.5 ]",
        "new BigInt64Array([-1n])             | BigInt64Array(1) [ -1n ]",
        "new Uint8Array(new ArrayBuffer(2, { maxByteLength: 8 })).buffer.maxByteLength | 8",
        "(() => { const a = {}; a.self = a; return a })() | <ref *1> { self: [Circular *1] }",
        "new (class Point { x = 1; #y = 2 })() | { x: 1 }",
        "Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) | { own: 2 }",
        "Array(3)                             | [ <3 empty items> ]",
      })
  void value_survives(String expression, String shown) throws Exception {
    assertThat(js.run(ROUND_TRIP + "return inspect(await back(" + expression + "))"))
        .isEqualTo(shown);
  }

  @Test
  void errors_blobs_andExceptions_survive() throws Exception {
    assertThat(
            js.run(
                ROUND_TRIP
                    + """
                    const cause = new Blob(['inside'], { type: 'text/x' });
                    const error = Object.assign(new RangeError('bad', { cause }), { code: 'LOST' });
                    const [e, d] = await back([error, new DOMException('m', 'AbortError')]);
                    return [e instanceof RangeError, e.message, e.code, e.stack === error.stack,
                      await e.cause.text(), e.cause.type, d instanceof DOMException, d.name].join();
                    """))
        .isEqualTo("true,bad,,true,inside,text/x,true,AbortError");
  }

  @Test
  void whatCannotBeCloned_isRefused_andNothingMoves() throws Exception {
    assertThat(
            js.run(
                """
                const { port1 } = new MessageChannel();
                const buffer = new ArrayBuffer(8);
                const say = (f) => { try { f(); return 'fine' } catch (e) { return e.name + ': ' + e.message } };
                return [() => 1, Symbol('s'), new WeakMap(), Promise.resolve(), { f() {} }, new Proxy({}, {})]
                  .map((value) => say(() => port1.postMessage([value], [buffer])))
                  .concat(buffer.byteLength, say(() => port1.postMessage(0, [port1])),
                    say(() => port1.postMessage(0, [buffer, buffer])), say(() => port1.postMessage(0, [1])),
                    say(() => port1.postMessage(new MessageChannel().port1)), say(() => port1.postMessage()))
                  .join('\\n');
                """))
        .isEqualTo(
            """
            DataCloneError: () => 1 could not be cloned.
            DataCloneError: Symbol(s) could not be cloned.
            DataCloneError: #<WeakMap> could not be cloned.
            DataCloneError: #<Promise> could not be cloned.
            DataCloneError: f() {} could not be cloned.
            DataCloneError: #<Object> could not be cloned.
            8
            DataCloneError: Transfer list contains source port
            DataCloneError: Transfer list contains duplicate ArrayBuffer
            DataCloneError: Found invalid value in transferList.
            DataCloneError: Object that needs transfer was found in message but not listed in transferList
            TypeError: Not enough arguments to MessagePort.postMessage""");
  }

  @Test
  void buffers_andPorts_move() throws Exception {
    assertThat(
            js.run(
                ROUND_TRIP
                    + """
                    const buffer = new Uint8Array([1, 2, 3]).buffer;
                    const moved = await back({ buffer }, [buffer]);
                    const first = [buffer.byteLength, [...new Uint8Array(moved.buffer)].join('')].join();
                    const { port1, port2 } = new MessageChannel();
                    const other = new Worker(
                      'require("worker_threads").parentPort.once("message", ({ port }) => port.on("message", (m) => port.postMessage(m + 1)))',
                      { eval: true });
                    other.postMessage({ port: port2 }, [port2]);
                    port1.postMessage(1);
                    const answer = await new Promise((resolve) => port1.once('message', resolve));
                    const closed = new Promise((resolve) => port1.once('close', () => resolve('closed')));
                    await other.terminate();
                    return [first, answer, await closed].join();
                    """))
        .isEqualTo("0,123,2,closed");
  }

  @Test
  void structuredClone_usesTheSameAlgorithm() throws Exception {
    assertThat(
            js.run(
                """
                const { port1, port2 } = new MessageChannel();
                const shared = new SharedArrayBuffer(4);
                const copy = structuredClone({ port: port2, shared, at: new Date(5) }, { transfer: [port2] });
                port1.postMessage('over the clone');
                new Int32Array(copy.shared)[0] = 7;
                const heard = await new Promise((resolve) => copy.port.once('message', resolve));
                port1.close();
                return [heard, new Int32Array(shared)[0], copy.shared === shared, +copy.at].join();
                """))
        .isEqualTo("over the clone,7,false,5");
  }

  @Test
  void listenersThatThrow_andOrder() throws Exception {
    assertThat(
            js.run(
                """
                const { port1, port2 } = new MessageChannel();
                const seen = [];
                port2.on('message', (m) => {
                  seen.push(m);
                  Promise.resolve().then(() => seen.push('micro ' + m));
                  process.nextTick(() => seen.push('tick ' + m));
                  if (m === 1) throw new Error('of a listener');
                });
                port1.postMessage(1);
                port1.postMessage(2);
                port1.close();
                await new Promise((resolve) => port2.once('close', resolve));
                return seen.join();
                """))
        .isEqualTo("1,tick 1,micro 1,2,tick 2,micro 2");
    js.awaitLog("of a listener");
  }

  @Test
  void receiveMessageOnPort_isSynchronous() throws Exception {
    assertThat(
            js.run(
                """
                const { receiveMessageOnPort } = require('worker_threads');
                const { port1, port2 } = new MessageChannel();
                port1.postMessage({ n: 1 });
                const got = [receiveMessageOnPort(port2), receiveMessageOnPort(port2)];
                port1.close();
                return JSON.stringify(got);
                """))
        .isEqualTo("[{\"message\":{\"n\":1}},null]");
  }

  @Test
  void broadcast_reachesAllContextsOfTheRuntime() throws Exception {
    assertThat(
            js.run(
                """
                const { Worker } = require('worker_threads');
                const channel = new BroadcastChannel('news');
                const heard = [];
                const both = new Promise((resolve) => {
                  channel.onmessage = ({ data }) => heard.push(data) === 2 && resolve();
                });
                for (const name of ['a', 'b']) new Worker(
                  `const c = new BroadcastChannel('news'); c.postMessage('${name}'); c.close()`, { eval: true });
                await both;
                channel.close();
                return heard.sort().join();
                """))
        .isEqualTo("a,b");
  }

  @Test
  void channel_isNotHeardInAnotherRuntime() throws Exception {
    String code =
        "globalThis.c = new BroadcastChannel('x'); c.onmessage = () => console.log('heard');";
    js.write("one.js", "exports.init = () => { " + code + " return () => '1' };");
    js.write(
        "two.js", "exports.init = () => () => { " + code + " c.postMessage(1); return 'sent' };");
    long one = js.load("one,init");
    long two = js.load("two,init");
    assertThat(js.text(two, "any", null)).isEqualTo("sent");
    assertThat(js.text(one, "any", null)).isEqualTo("1");
    js.unload(one);
    js.unload(two);
    assertThat(js.log).noneMatch(line -> line.contains("heard"));
  }
}
