/** The events of `process`, apart from it, as rejections need them without the rest. */
'use strict';

const listeners = new Map();

function add(event, listener, once) {
  if (typeof listener !== 'function') {
    throw new TypeError(`the listener of "${String(event)}" should be a function`);
  }
  const all = listeners.get(event) ?? [];
  listeners.set(event, [...all, { listener, once }]);
}

function remove(event, listener) {
  const all = listeners.get(event) ?? [];
  const index = all.findLastIndex((entry) => entry.listener === listener);
  listeners.set(
    event,
    all.filter((_, i) => i !== index),
  );
}

exports.events = {
  on: (event, listener) => add(event, listener, false),
  once: (event, listener) => add(event, listener, true),
  off: remove,

  /** Returns whether there was a listener. */
  emit(event, ...args) {
    const all = listeners.get(event) ?? [];
    for (const { listener, once } of all) {
      if (once) {
        remove(event, listener);
      }
      listener(...args);
    }
    return all.length > 0;
  },

  removeAll(event) {
    if (event === undefined) {
      listeners.clear();
    } else {
      listeners.delete(event);
    }
  },

  listeners: (event) => (listeners.get(event) ?? []).map((entry) => entry.listener),
};
