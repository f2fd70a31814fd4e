/** How a handler's result becomes the answer of its task. */
'use strict';

const { tasks } = host;
const { explain, typeName, attempt } = require('failures');

/** What the dispatch function returns when Java has nothing left to do. */
exports.ANSWERED = 0;

const uncurry = (method) => Function.prototype.call.bind(method);
const isWellFormed = uncurry(String.prototype.isWellFormed);
const toWellFormed = uncurry(String.prototype.toWellFormed);
const { isView } = ArrayBuffer;

/** `get` of a prototype's accessor; throws for a receiver that is not of that kind. */
const getter = (prototype, name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
const arrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const arrayKind = getter(arrayPrototype, Symbol.toStringTag);
const arrayBuffer = getter(arrayPrototype, 'buffer');
const arrayOffset = getter(arrayPrototype, 'byteOffset');
const arrayLength = getter(arrayPrototype, 'byteLength');
const viewBuffer = getter(DataView.prototype, 'buffer');
const viewOffset = getter(DataView.prototype, 'byteOffset');
const viewLength = getter(DataView.prototype, 'byteLength');

/** Text that UTF-8 can hold: a lone surrogate becomes U+FFFD. */
function wellFormed(text) {
  return isWellFormed(text) ? text : toWellFormed(text);
}

/** The length of an ArrayBuffer or SharedArrayBuffer; undefined for what is neither. */
function lengthOfBuffer(value) {
  return (
    attempt(() => bufferLength(value), undefined) ?? attempt(() => sharedLength(value), undefined)
  );
}

/** Answers with the value's bytes; returns false for a value that has none. */
function answerBytes(call, value) {
  if (isView(value)) {
    if (arrayKind(value) === undefined) {
      tasks.replyBytes(call, viewBuffer(value), viewOffset(value), viewLength(value));
    } else {
      tasks.replyBytes(call, arrayBuffer(value), arrayOffset(value), arrayLength(value));
    }
    return true;
  }
  const length = lengthOfBuffer(value);
  if (length !== undefined) {
    tasks.replyBytes(call, value, 0, length);
  }
  return length !== undefined;
}

/** Answers with a settled value. */
function answer(call, method, value) {
  if (typeof value === 'string') {
    tasks.replyText(call, wellFormed(value));
  } else if (value === undefined || value === null) {
    tasks.replyNil(call);
  } else if (typeof value !== 'object' || !answerBytes(call, value)) {
    throw new TypeError(
      'expected string, Buffer, TypedArray, DataView, ArrayBuffer, null or undefined from ' +
        `"${method}", got ${typeName(value)}`,
    );
  }
}

function fail(call, error) {
  const { rc, message, stack } = explain(error);
  tasks.fail(call, rc, message, stack);
}

function isThenable(value) {
  return (
    (typeof value === 'object' || typeof value === 'function') && typeof value.then === 'function'
  );
}

/** Awaits by syntax, so that nothing of Promise.prototype's that users may change takes part. */
async function settle(call, method, promise) {
  try {
    answer(call, method, await promise);
  } catch (error) {
    fail(call, error);
  }
}

/** Answers with what a handler returned, neither text nor nil: bytes, or a promise of anything. */
exports.answerLater = (call, method, value) => {
  try {
    if (isThenable(value)) {
      settle(call, method, value);
    } else {
      answer(call, method, value);
    }
  } catch (error) {
    fail(call, error);
  }
};

exports.fail = fail;
exports.wellFormed = wellFormed;
