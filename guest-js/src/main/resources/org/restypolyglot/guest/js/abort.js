/** AbortController, AbortSignal, and the errors that they speak in. */
'use strict';

const { EventTarget, emit } = require('events');

/** The legacy codes of the names that are used here. */
const CODES = { AbortError: 20, TimeoutError: 23 };

class DOMException extends Error {
  #name;

  constructor(message = '', options = 'Error') {
    const isName = typeof options !== 'object' || options === null;
    super(String(message), isName ? undefined : { cause: options.cause });
    this.#name = String(isName ? options : (options.name ?? 'Error'));
    // The stack was captured before the name was known.
    const { stack } = this;
    if (typeof stack === 'string' && stack.startsWith('Error')) {
      Object.defineProperty(this, 'stack', {
        value: this.#name + stack.slice('Error'.length),
        writable: true,
        configurable: true,
      });
    }
  }

  get name() {
    return this.#name;
  }

  get code() {
    return CODES[this.#name] ?? 0;
  }
}

let construct = false;

/** Signals are made here only, as in browsers. */
function newSignal() {
  construct = true;
  try {
    return new AbortSignal();
  } finally {
    construct = false;
  }
}

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason;
  onabort = null;

  constructor() {
    if (!construct) {
      throw new TypeError('Illegal constructor');
    }
    super();
  }

  get aborted() {
    return this.#aborted;
  }

  get reason() {
    return this.#reason;
  }

  throwIfAborted() {
    if (this.#aborted) {
      throw this.#reason;
    }
  }

  static abort(reason) {
    const signal = newSignal();
    AbortSignal.#abort(signal, reason);
    return signal;
  }

  static timeout(millis) {
    const signal = newSignal();
    const { setTimeout } = require('timers').api;
    setTimeout(() => {
      AbortSignal.#abort(
        signal,
        new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      );
    }, millis);
    return signal;
  }

  static any(signals) {
    const all = [...signals];
    const result = newSignal();
    const aborted = all.find((signal) => signal.aborted);
    if (aborted !== undefined) {
      AbortSignal.#abort(result, aborted.reason);
      return result;
    }
    for (const signal of all) {
      const follow = () => AbortSignal.#abort(result, signal.reason);
      signal.addEventListener('abort', follow, { once: true, signal: result });
    }
    return result;
  }

  static #abort(signal, reason) {
    if (signal.#aborted) {
      return;
    }
    signal.#aborted = true;
    signal.#reason =
      reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    emit(signal, 'abort');
  }

  static {
    exports.abortSignal = AbortSignal.#abort;
  }
}

const { abortSignal } = exports;
delete exports.abortSignal;

class AbortController {
  #signal = newSignal();

  get signal() {
    return this.#signal;
  }

  abort(reason) {
    abortSignal(this.#signal, reason);
  }
}

Object.assign(exports, { AbortController, AbortSignal, DOMException });
