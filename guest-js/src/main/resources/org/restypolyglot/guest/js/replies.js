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
const getter = (prototype, name) =>
  uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const arrayKind = getter(typedArray, Symbol.toStringTag);
const ofArray = ['buffer', 'byteOffset', 'byteLength'].map((name) => getter(typedArray, name));
const ofView = ['buffer', 'byteOffset', 'byteLength'].map((name) => getter(DataView.prototype, name));

/** Text that UTF-8 can hold: a lone surrogate becomes U+FFFD. */
function wellFormed(text) {
  return isWellFormed(text) ? text : toWellFormed(text);
}

/** Where a value's bytes are; undefined for what has none. */
function bytesOf(value) {
  if (isView(value)) {
    const [buffer, byteOffset, byteLength] = arrayKind(value) === undefined ? ofView : ofArray;
    return { buffer: buffer(value), offset: byteOffset(value), length: byteLength(value) };
  }
  const length =
    attempt(() => bufferLength(value), undefined) ?? attempt(() => sharedLength(value), undefined);
  return length === undefined ? undefined : { buffer: value, offset: 0, length };
}

/** Answers with a settled value. */
function answer(call, method, value) {
  if (typeof value === 'string') {
    tasks.replyText(call, wellFormed(value));
  } else if (value === undefined || value === null) {
    tasks.replyNil(call);
  } else {
    const bytes = typeof value === 'object' ? bytesOf(value) : undefined;
    if (bytes === undefined) {
      throw new TypeError(
        `expected string, Buffer, TypedArray, DataView, ArrayBuffer, null or undefined from ` +
          `"${method}", got ${typeName(value)}`,
      );
    }
    tasks.replyBytes(call, bytes.buffer, bytes.offset, bytes.length);
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
