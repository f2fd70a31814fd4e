package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the global scope, and what is not. */
class GlobalsTest extends JsTestBase {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Polyglot", "Graal", "load", "loadWithNewGlobal", "quit", "exit", "readline", "printErr",
        "Packages", "java", "javax", "com", "org", "host", "compile", "arguments.callee.caller",
      })
  void theEngine_isNotInSight(String name) throws Exception {
    assertThat(
            js.run("return (0, eval)('try { typeof " + name + " } catch (e) { \"undefined\" }')"))
        .isEqualTo("undefined");
  }

  @Test
  void enumerableGlobals_areNodes() throws Exception {
    assertThat(js.run("return Object.keys(globalThis).join(' ')").split(" "))
        .contains("global", "setTimeout", "structuredClone", "atob")
        .doesNotContain("process", "Buffer", "URL", "console", "print", "Java");
    assertThat(js.run("return String(global === globalThis)")).isEqualTo("true");
  }

  @Test
  void lazyGlobals_mayBeReplaced() throws Exception {
    assertThat(js.run("process = 1; globalThis.Buffer = 2; return `${process} ${Buffer}`"))
        .isEqualTo("1 2");
  }

  @Test
  void patchedMaps_doNotHandOutTheInside() throws Exception {
    assertThat(
            js.run(
                """
                const { get, set } = Map.prototype;
                const maps = new Set();
                Map.prototype.get = function (key) { maps.add(this); return get.call(this, key); };
                Map.prototype.set = function (key, value) { maps.add(this); return set.call(this, key, value); };
                const text = require('util').inspect({ a: new URL('http://a/').host });
                const names = ['intrinsics', 'compile', 'internal/util/inspect', 'util', 'url'];
                return text + [...maps].some((map) => names.some((name) => get.call(map, name)));
                """))
        .isEqualTo("{ a: 'a' }false");
  }

  @Test
  void javaType_withoutPermission_saysWhatToAdd() throws Exception {
    assertThat(js.run("Java.type('java.net.URL')"))
        .isEqualTo(
            "1: Java.type(\"java.net.URL\") is not permitted; "
                + "add permissions = {java = {\"java.net.URL\"}} to the options of load_ffi");
  }

  @Test
  void javaType_withPermission_opensThatAlone() throws Exception {
    long queue =
        js.loadText(
            """
            exports.init = () => ({
              uri: (req) => new (Java.type('java.net.URI'))(req).getHost(),
              list: () => { const l = new (Java.type('java.util.ArrayList'))(); l.add('x'); return String(l.get(0)); },
              runtime: () => String(Java.type('java.lang.Runtime')),
              forName: () => String(new (Java.type('java.util.ArrayList'))().getClass().forName('java.lang.Runtime')),
              loader: () => String(new (Java.type('java.util.ArrayList'))().getClass().getClassLoader),
              host: (req, task) => [typeof globalThis.java, Object.keys(task).join()].join(),
              fails: () => new (Java.type('java.net.URI'))('a b'),
            });
            """,
            "java.net.URI",
            "java.util.*");
    assertThat(js.text(queue, "uri", "http://example.org/x")).isEqualTo("example.org");
    assertThat(js.text(queue, "list", "")).isEqualTo("x");
    assertThat(js.text(queue, "runtime", ""))
        .contains("add permissions = {java = {\"java.lang.Runtime\"}}");
    assertThat(js.call(queue, "forName", "").rc()).isEqualTo(1);
    assertThat(js.text(queue, "loader", "")).isEqualTo("undefined");
    assertThat(js.text(queue, "host", "")).isEqualTo("undefined,method");
    assertThat(js.text(queue, "fails", "")).startsWith("1: ").contains("a b");
  }

  @Test
  void process_tellsAboutTheWorker_andDoesNotEndIt() throws Exception {
    assertThat(
            js.run(
                """
                return [process.pid > 0, typeof process.cwd(), process.platform, /^v\\d+/.test(process.version),
                  typeof process.env.PATH, Array.isArray(process.argv), process.uptime() >= 0,
                  process.hrtime(process.hrtime())[0], typeof process.hrtime.bigint(), String(process)].join();
                """))
        .isEqualTo("true,string,linux,true,string,true,true,0,bigint,[object process]");
    assertThat(js.run("process.exit(1)"))
        .startsWith("1: ERR_NOT_SUPPORTED: process.exit() is not allowed");
    assertThat(js.run("process.kill(1)")).contains("process.kill() is not allowed");
  }

  @Test
  void processEnv_isACopy() throws Exception {
    assertThat(js.run("'use strict'; process.env.NEW_NAME = 'x'; return process.env.NEW_NAME"))
        .isEqualTo("x");
    assertThat(js.run("return String(process.env.NEW_NAME)")).isEqualTo("undefined");
    assertThat(System.getenv("NEW_NAME")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Buffer.from('héllo').toString('hex')                         | 68c3a96c6c6f",
        "Buffer.from('68c3a96c6c6f', 'hex').toString()                | héllo",
        "Buffer.from('héllo').toString('base64')                      | aMOpbGxv",
        "Buffer.from('a').toString('base64') + Buffer.from('ab').toString('base64') | YQ==YWI=",
        "Buffer.from('aMOpbGxv', 'base64').toString()                 | héllo",
        "Buffer.from('-_-_', 'base64').toString('base64url')          | -_-_",
        "Buffer.from('-_-_', 'base64url').toString('base64')          | +/+/",
        "Buffer.from('YQ==YWI=', 'base64').toString()                 | a",
        "Buffer.from('é', 'latin1').toString('hex')                   | e9",
        "Buffer.from([233]).toString('latin1')                        | é",
        "Buffer.from([0xe1]).toString('ascii')                        | a",
        "Buffer.from('hi', 'utf16le').toString('hex')                 | 68006900",
        "Buffer.from('68006900', 'hex').toString('ucs2')              | hi",
        "Buffer.from([0xff, 65]).toString()                           | \ufffdA",
        "Buffer.from('\\ufeffx').toString().length                    | 2",
        "Buffer.from('zz', 'hex').length                              | 0",
        "Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString() | abc",
        "Buffer.concat([Buffer.from('abc')], 2).toString()            | ab",
        "Buffer.alloc(3, 'ab').toString()                             | aba",
        "Buffer.alloc(2)[1]                                           | 0",
        "Buffer.byteLength('héllo')                                   | 6",
        "Buffer.isBuffer(Buffer.from('a').subarray(0)) + ' ' + Buffer.isBuffer(new Uint8Array(1)) | true false",
        "Buffer.from('abc').equals(Buffer.from('abc')) + ' ' + Buffer.from('abc').equals(new Uint8Array(3)) | true false",
        "Buffer.compare(Buffer.from('a'), Buffer.from('b')) + ' ' + Buffer.from('b').compare(Buffer.from('ab')) | -1 1",
        "Buffer.from('hello').slice(1, 3).toString()                  | el",
        "Buffer.from('hello').indexOf('llo') + ' ' + Buffer.from('hello').includes('x') + ' ' + Buffer.from('hello').indexOf(0x6f) | 2 false 4",
        "(() => { const b = Buffer.alloc(4); b.write('€€'); return b.toString('hex') })() | e282ac00",
        "(() => { const b = Buffer.alloc(8); b.writeUInt32BE(0xdeadbeef, 2); return b.readUInt16LE(2).toString(16) + b.toString('hex') })() | adde0000deadbeef0000",
        "(() => { const b = Buffer.alloc(8); b.writeDoubleLE(1.5); return b.readDoubleLE() + ' ' + b.readUint8(7) })() | 1.5 63",
        "(() => { const a = new ArrayBuffer(2); Buffer.from(a)[0] = 7; return new Uint8Array(a)[0] })() | 7",
        "(() => { const a = new Uint8Array([1]); Buffer.from(a)[0] = 7; return a[0] })() | 1",
        "(() => { const b = Buffer.from('abc'), t = Buffer.alloc(2); return b.copy(t, 0, 1) + t.toString() })() | 2bc",
        "JSON.stringify(Buffer.from('a'))                             | {\"type\":\"Buffer\",\"data\":[97]}",
        "Buffer.from(JSON.parse(JSON.stringify(Buffer.from('a')))).toString() | a",
        "(() => { try { Buffer.from('a', 'nope') } catch (e) { return e.code } })() | ERR_UNKNOWN_ENCODING",
        "(() => { try { Buffer.from(5) } catch (e) { return e.code } })()           | ERR_INVALID_ARG_TYPE",
        "(() => { try { Buffer.alloc(-1) } catch (e) { return e.code } })()         | ERR_OUT_OF_RANGE",
        "require('buffer').Buffer === Buffer                          | true",
      })
  void buffer(String expression, String expected) throws Exception {
    assertThat(js.run("return String(" + expression + ")")).isEqualTo(expected);
  }

  @Test
  void bufferDecodesLargeData() throws Exception {
    assertThat(
            js.run(
                """
                const big = Buffer.alloc(1_000_000, 'xyz');
                return [big.toString('latin1').length, Buffer.from(big.toString('base64'), 'base64').equals(big)].join();
                """))
        .isEqualTo("1000000,true");
  }

  @Test
  void abortController_isTheWebs() throws Exception {
    assertThat(
            js.run(
                """
                const seen = [];
                const controller = new AbortController();
                const { signal } = controller;
                const twice = () => seen.push('listener');
                signal.addEventListener('abort', twice);
                signal.addEventListener('abort', twice);
                signal.addEventListener('abort', { handleEvent: (e) => seen.push(e.type, e.target === signal) });
                signal.addEventListener('abort', () => { throw new Error('listener threw'); });
                const removed = () => seen.push('removed');
                signal.addEventListener('abort', removed);
                signal.removeEventListener('abort', removed);
                signal.onabort = () => seen.push('onabort');
                const any = AbortSignal.any([new AbortController().signal, signal]);
                controller.abort();
                controller.abort('again');
                seen.push(signal.aborted, signal.reason.name, any.aborted, any.reason === signal.reason);
                try { signal.throwIfAborted(); } catch (e) { seen.push(e === signal.reason, e instanceof DOMException); }
                seen.push(AbortSignal.abort('why').reason);
                const late = AbortSignal.timeout(1);
                await new Promise((resolve) => late.addEventListener('abort', resolve));
                seen.push(late.reason.name, late.reason.code);
                try { new AbortSignal(); } catch (e) { seen.push(e.message); }
                return seen.join();
                """))
        .isEqualTo(
            "listener,abort,true,onabort,true,AbortError,true,true,true,true,why,TimeoutError,23,Illegal constructor");
    js.awaitLog("Uncaught exception: Error: listener threw");
  }

  @Test
  void eventTarget_dispatches() throws Exception {
    assertThat(
            js.run(
                """
                class Mine extends EventTarget {}
                const target = new Mine();
                const seen = [];
                target.addEventListener('x', (e) => { seen.push(e.detail); e.preventDefault(); }, { once: true });
                target.addEventListener('x', (e) => { seen.push('second'); e.stopImmediatePropagation(); });
                target.addEventListener('x', () => seen.push('never'));
                seen.push(target.dispatchEvent(new CustomEvent('x', { detail: 'd', cancelable: true })));
                seen.push(target.dispatchEvent(new Event('x')));
                return seen.join();
                """))
        .isEqualTo("d,second,false,second,true");
  }

  @Test
  void theLanguagesOwn_isComplete() throws Exception {
    assertThat(
            js.run(
                """
                return [new TextDecoder().decode(new TextEncoder().encode('é')), typeof performance.now(),
                  [3, 1].toSorted().join(''), Object.groupBy([1, 2], (n) => n % 2 ? 'odd' : 'even').odd[0],
                  new Intl.NumberFormat('en').format(1234.5), 'x'.at(-1), typeof WeakRef, typeof Error.captureStackTrace].join();
                """))
        .isEqualTo("é,number,13,1,1,234.5,x,function,function");
  }
}
