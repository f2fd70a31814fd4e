/** Event and EventTarget of the DOM, without a tree. */
'use strict';

const { uncaught } = require('rejections');

class Event {
  #type;
  #cancelable;
  #bubbles;
  #prevented = false;
  #time = Date.now();
  stopped = false;
  target = null;

  constructor(type, { cancelable = false, bubbles = false } = {}) {
    this.#type = String(type);
    this.#cancelable = Boolean(cancelable);
    this.#bubbles = Boolean(bubbles);
    Object.defineProperty(this, 'stopped', { enumerable: false });
  }

  get type() {
    return this.#type;
  }

  get currentTarget() {
    return this.target;
  }

  get cancelable() {
    return this.#cancelable;
  }

  get bubbles() {
    return this.#bubbles;
  }

  get defaultPrevented() {
    return this.#prevented;
  }

  get timeStamp() {
    return this.#time;
  }

  preventDefault() {
    this.#prevented ||= this.#cancelable;
  }

  stopPropagation() {}

  stopImmediatePropagation() {
    this.stopped = true;
  }
}

class CustomEvent extends Event {
  #detail;

  constructor(type, options = {}) {
    super(type, options);
    this.#detail = options.detail ?? null;
  }

  get detail() {
    return this.#detail;
  }
}

class EventTarget {
  /** Lists of {callback, once}, by type. */
  #listeners = new Map();

  addEventListener(type, callback, options) {
    const { once = false, signal } = typeof options === 'object' && options !== null ? options : {};
    if (callback === null || callback === undefined || signal?.aborted) {
      return;
    }
    const key = String(type);
    const all = this.#listeners.get(key) ?? [];
    if (!all.some((entry) => entry.callback === callback)) {
      this.#listeners.set(key, [...all, { callback, once }]);
      signal?.addEventListener('abort', () => this.removeEventListener(key, callback), {
        once: true,
      });
    }
  }

  removeEventListener(type, callback) {
    const key = String(type);
    const all = this.#listeners.get(key) ?? [];
    this.#listeners.set(
      key,
      all.filter((entry) => entry.callback !== callback),
    );
  }

  /** Calls all listeners, whatever one of them throws. */
  dispatchEvent(event) {
    event.target = this;
    for (const { callback, once } of this.#listeners.get(event.type) ?? []) {
      if (once) {
        this.removeEventListener(event.type, callback);
      }
      callListener(this, callback, event);
      if (event.stopped) {
        break;
      }
    }
    return !event.defaultPrevented;
  }
}

function callListener(target, callback, event) {
  try {
    if (typeof callback === 'function') {
      callback.call(target, event);
    } else {
      callback.handleEvent(event);
    }
  } catch (error) {
    uncaught(error);
  }
}

/** Calls the listeners and the `on...` property of a target. */
exports.emit = (target, type) => {
  const event = new Event(type);
  const handler = target[`on${type}`];
  event.target = target;
  if (typeof handler === 'function') {
    callListener(target, handler, event);
  }
  target.dispatchEvent(event);
};

exports.Event = Event;
exports.CustomEvent = CustomEvent;
exports.EventTarget = EventTarget;
