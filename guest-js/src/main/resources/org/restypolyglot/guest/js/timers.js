/** Timers with Node's semantics, over the host's clock. */
'use strict';

const { timers: clock } = host;
const { uncaught } = require('rejections');
const turns = require('turns');

const MAX_DELAY = 2 ** 31 - 1;

/** What has been started and has not ended, by id: Timeout or Immediate. */
const active = new Map();
let lastId = 0;

function requireFunction(callback) {
  if (typeof callback !== 'function') {
    throw Object.assign(
      new TypeError(`the callback should be a function, got ${typeof callback}`),
      {
        code: 'ERR_INVALID_ARG_TYPE',
      },
    );
  }
}

class Timeout {
  #id = ++lastId;
  #callback;
  #args;
  #delay;
  #repeat;
  #referenced = true;

  constructor(callback, delay, args, repeat) {
    requireFunction(callback);
    const millis = Number(delay);
    this.#delay = millis >= 1 && millis <= MAX_DELAY ? Math.trunc(millis) : 1;
    this.#callback = callback;
    this.#args = args;
    this.#repeat = repeat;
    this.#start();
  }

  #start() {
    active.set(this.#id, this);
    clock.start(this.#id, this.#delay);
  }

  /** The clock's: runs the callback, then waits again if it repeats and was not cleared. */
  fire() {
    const id = this.#id;
    if (!this.#repeat) {
      active.delete(id);
    }
    try {
      Reflect.apply(this.#callback, this, this.#args);
    } finally {
      if (this.#repeat && active.has(id)) {
        this.#start();
      }
    }
  }

  close() {
    if (active.delete(this.#id)) {
      clock.stop(this.#id);
    }
    return this;
  }

  /** Starts the wait anew, also of one that has fired. */
  refresh() {
    clock.stop(this.#id);
    this.#start();
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

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.close();
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Timeout { id: ${this.#id}, delay: ${this.#delay}, repeat: ${this.#repeat} }`;
  }
}

class Immediate {
  #id = ++lastId;
  #callback;
  #args;
  #referenced = true;

  constructor(callback, args) {
    requireFunction(callback);
    this.#callback = callback;
    this.#args = args;
    active.set(this.#id, this);
    clock.startImmediate(this.#id);
  }

  fire() {
    active.delete(this.#id);
    Reflect.apply(this.#callback, this, this.#args);
  }

  close() {
    if (active.delete(this.#id)) {
      clock.stop(this.#id);
    }
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
}

function clearTimer(timer) {
  if (timer instanceof Timeout) {
    timer.close();
  } else if (typeof timer === 'number' || typeof timer === 'string') {
    const found = active.get(Number(timer));
    if (found instanceof Timeout) {
      found.close();
    }
  }
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
  setTimeout: (callback, delay, ...args) => new Timeout(callback, delay, args, false),
  setInterval: (callback, delay, ...args) => new Timeout(callback, delay, args, true),
  setImmediate: (callback, ...args) => new Immediate(callback, args),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate(immediate) {
    if (immediate instanceof Immediate) {
      immediate.close();
    }
  },
};

exports.queueMicrotask = (callback) => {
  requireFunction(callback);
  turns.queueReaction(() => {
    try {
      callback();
    } catch (error) {
      uncaught(error);
    }
  });
};
