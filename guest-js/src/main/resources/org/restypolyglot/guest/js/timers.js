/** Timers with Node's semantics, over the host's clock. */
'use strict';

const { timers: clock } = host;
const { uncaught } = require('rejections');
const turns = require('turns');

const MAX_DELAY = 2 ** 31 - 1;
const PROMISIFY = Symbol.for('nodejs.util.promisify.custom');
const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** What has been started and has not ended, by id: Timeout or Immediate. */
const active = new Map();
let lastId = 0;

function requireFunction(callback) {
  if (typeof callback !== 'function') {
    require('node').requireNode('internal/validators').validateFunction(callback, 'callback');
  }
}

/** As Node: a delay that is no number, or too large, is 1 ms. */
function delayOf(millis) {
  const number = Number(millis);
  if (number > MAX_DELAY) {
    const { process } = require('process');
    process.emitWarning(
      `${number} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning',
    );
  }
  return number >= 1 && number <= MAX_DELAY ? Math.trunc(number) : 1;
}

class Timeout {
  #id = ++lastId;
  #args;
  #frame = turns.currentFrame();
  #referenced;

  /** Waits from `start` on. */
  constructor(callback, delay, args, repeat, referenced = true) {
    this.#args = args;
    this.#referenced = referenced;
    this._idleTimeout = delayOf(delay);
    this._onTimeout = callback;
    this._repeat = repeat ? this._idleTimeout : null;
    this._destroyed = false;
  }

  start() {
    active.set(this.#id, this);
    clock.start(this.#id, this._idleTimeout);
    return this;
  }

  /** The clock's: runs the callback, then waits again if it repeats and was not cleared. */
  fire() {
    const id = this.#id;
    if (this._repeat === null) {
      active.delete(id);
    }
    try {
      turns.runInFrame(this.#frame, () => Reflect.apply(this._onTimeout, this, this.#args ?? []));
    } finally {
      if (this._repeat === null) {
        this._destroyed = !active.has(id); // unless it was refreshed
      } else if (active.has(id)) {
        this.start();
      }
    }
  }

  close() {
    if (active.delete(this.#id)) {
      clock.stop(this.#id);
    }
    this._destroyed = true;
    this._onTimeout = null;
    return this;
  }

  /** Starts the wait anew, also of one that has fired. */
  refresh() {
    if (this._onTimeout !== null) {
      clock.stop(this.#id);
      this._destroyed = false;
      this.start();
    }
    return this;
  }

  /** No runtime ends because its timers do, so references only are remembered. */
  ref() {
    this.#referenced = true;
    return this;
  }

  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  [Symbol.toPrimitive]() {
    return this.#id;
  }

  [DISPOSE]() {
    this.close();
  }

  /** Without what is only for the inside. */
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return inspect(
      Object.assign(Object.create(null, { [Symbol.toStringTag]: { value: '' } }), this),
      {
        ...options,
        depth: 0,
      },
    ).replace(/^\[Object: null prototype\] /, 'Timeout ');
  }
}

class Immediate {
  #id = ++lastId;
  #args;
  #frame = turns.currentFrame();
  #referenced = true;

  constructor(callback, args) {
    this.#args = args;
    this._onImmediate = callback;
    this._destroyed = false;
    active.set(this.#id, this);
    clock.startImmediate(this.#id);
  }

  fire() {
    active.delete(this.#id);
    this._destroyed = true;
    turns.runInFrame(this.#frame, () => Reflect.apply(this._onImmediate, this, this.#args ?? []));
  }

  close() {
    if (active.delete(this.#id)) {
      clock.stop(this.#id);
    }
    this._destroyed = true;
    this._onImmediate = null;
  }

  ref() {
    this.#referenced = true;
    return this;
  }

  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  [DISPOSE]() {
    this.close();
  }
}

function setTimeout(callback, delay, ...args) {
  requireFunction(callback);
  return new Timeout(callback, delay, args, false).start();
}

function setInterval(callback, delay, ...args) {
  requireFunction(callback);
  return new Timeout(callback, delay, args, true).start();
}

function setImmediate(callback, ...args) {
  requireFunction(callback);
  return new Immediate(callback, args);
}

function clearTimeout(timer) {
  if (timer instanceof Timeout) {
    timer.close();
  } else if (typeof timer === 'number' || typeof timer === 'string') {
    const found = active.get(Number(timer));
    if (found instanceof Timeout) {
      found.close();
    }
  }
}

function clearInterval(timer) {
  clearTimeout(timer);
}

function clearImmediate(immediate) {
  if (immediate instanceof Immediate) {
    immediate.close();
  }
}

/** util.promisify gives the functions of timers/promises. */
for (const timer of [setTimeout, setImmediate]) {
  Object.defineProperty(timer, PROMISIFY, {
    enumerable: true,
    get: () => require('node').requireNode('timers/promises')[timer.name],
  });
}

clock.fireWith((id) =>
  turns.run(() => {
    try {
      active.get(id)?.fire();
    } catch (error) {
      uncaught(error);
    }
  }),
);

exports.api = {
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
};

Object.defineProperty(exports.api, 'promises', {
  configurable: true,
  enumerable: true,
  get: () => require('node').requireNode('timers/promises'),
});

/** In place of the library's internal/timers. */
exports.internal = {
  Timeout,
  Immediate,
  TIMEOUT_MAX: MAX_DELAY,
  kTimeout: Symbol('timeout'),
  insert: (timer) => timer.start(),
  getTimerDuration(delay, name) {
    const { validateNumber } = require('node').requireNode('internal/validators');
    validateNumber(delay, name);
    if (delay < 0 || !Number.isFinite(delay)) {
      const { codes } = require('node').requireNode('internal/errors');
      throw new codes.ERR_OUT_OF_RANGE(name, 'a non-negative finite number', delay);
    }
    if (delay > MAX_DELAY) {
      require('process').process.emitWarning(
        `${delay} does not fit into a 32-bit signed integer.\n` +
          `Timer duration was truncated to ${MAX_DELAY}.`,
        'TimeoutOverflowWarning',
      );
      return MAX_DELAY;
    }
    return delay;
  },
  setUnrefTimeout: (callback, delay) =>
    new Timeout(callback, delay, undefined, false, false).start(),
};

exports.queueMicrotask = function queueMicrotask(callback) {
  requireFunction(callback);
  turns.queueReaction(() => {
    try {
      callback();
    } catch (error) {
      uncaught(error);
    }
  });
};
