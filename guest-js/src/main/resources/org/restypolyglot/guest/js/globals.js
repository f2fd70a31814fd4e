/** What a user's code finds in the global scope besides the language itself. */
'use strict';

const { permissions } = host;

/** The globals that are seen by `for … in`, as in Node. */
const ENUMERABLE = new Set(
  [
    'global clearImmediate setImmediate clearInterval clearTimeout setInterval setTimeout queueMicrotask',
    'structuredClone atob btoa performance fetch navigator crypto',
  ].flatMap((line) => line.split(' ')),
);

/** Nothing happens where a user has frozen the globals. */
function define(name, value) {
  Reflect.defineProperty(globalThis, name, {
    value,
    writable: true,
    enumerable: ENUMERABLE.has(name),
    configurable: true,
  });
}

/** A global that is made when it is first used, so that who does not use it pays nothing. */
function defineLazy(name, make) {
  Object.defineProperty(globalThis, name, {
    get() {
      const value = make();
      if (value !== undefined) {
        define(name, value);
      }
      return value;
    },
    set: (value) => define(name, value),
    enumerable: ENUMERABLE.has(name),
    configurable: true,
  });
}

/** As Node's `process` and `Buffer`: it stays a getter and a setter. */
function defineAccessor(name, make) {
  let known;
  Object.defineProperty(globalThis, name, {
    get: () => (known ??= { value: make() }).value,
    set(value) {
      known = { value };
    },
    enumerable: false,
    configurable: true,
  });
}

const library = (id) => require('node').requireNode(id);

/** Names of the global scope by the module of Node's library that they come from. */
const FROM_LIBRARY = {
  buffer: 'Blob File atob btoa',
  'internal/event_target': 'CustomEvent Event EventTarget',
  'internal/abort_controller': 'AbortController AbortSignal',
  'internal/per_context/domexception': 'DOMException',
  'internal/encoding': 'TextEncoder TextDecoder',
  'internal/url': 'URL URLSearchParams',
  'internal/worker/js_transferable': 'structuredClone',
  'internal/message_event': 'MessageEvent',
  'internal/worker/io': 'BroadcastChannel MessageChannel MessagePort',
  'internal/deps/undici/undici': 'fetch FormData Headers Request Response',
  'internal/crypto/webcrypto': 'crypto Crypto CryptoKey SubtleCrypto',
  perf_hooks: [
    'performance Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver',
    'PerformanceObserverEntryList PerformanceResourceTiming',
  ].join(' '),
  'stream/web': [
    'ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest',
    'ReadableByteStreamController ReadableStreamDefaultController TransformStream',
    'TransformStreamDefaultController WritableStream WritableStreamDefaultController',
    'WritableStreamDefaultWriter ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream',
    'TextDecoderStream CompressionStream DecompressionStream',
  ].join(' '),
};

/** Symbols that the engine does not have yet; the library has the same under these names. */
function defineDisposal() {
  for (const name of ['dispose', 'asyncDispose']) {
    if (Symbol[name] === undefined) {
      Object.defineProperty(Symbol, name, { value: Symbol.for(`nodejs.${name}`) });
    }
  }
}

exports.install = () => {
  defineDisposal();
  define('global', globalThis);
  defineLazy('console', () => require('console').console);
  defineLazy('print', () => globalThis.console.log);
  defineAccessor('process', () => require('process').process);
  defineAccessor('Buffer', () => library('buffer').Buffer);
  defineLazy('queueMicrotask', () => require('timers').queueMicrotask);
  for (const [id, names] of Object.entries(FROM_LIBRARY)) {
    for (const name of names.split(' ')) {
      defineLazy(name, () => library(id)[name]);
    }
  }
  defineLazy(Symbol.for('undici.globalDispatcher.1'), () =>
    require('bindings').get('fetch').globalDispatcher(),
  );
  for (const name of ['Timeout', 'Interval', 'Immediate']) {
    defineLazy(`set${name}`, () => require('timers').api[`set${name}`]);
    defineLazy(`clear${name}`, () => require('timers').api[`clear${name}`]);
  }
  guardJava();
};

/** `Java.type` asks for permissions first, and says what to add where one is missing. */
function guardJava() {
  const real = globalThis.Java;
  const realType = real?.type;
  const type = (name) => {
    if (realType === undefined || !permissions.permits(String(name))) {
      throw new Error(
        `Java.type("${name}") is not permitted; ` +
          `add permissions = {java = {"${name}"}} to the options of load_ffi`,
      );
    }
    return realType(name);
  };
  define('Java', real === undefined ? Object.freeze({ type }) : Object.assign(real, { type }));
}
