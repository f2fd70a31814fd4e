/** Bytes between the library's buffers and Java's. */
'use strict';

const { copy } = require('intrinsics');

/** A view of all its bytes; none, if the program has given its buffer away meanwhile. */
const bytesOf = (view) =>
  view.byteLength === 0
    ? new Uint8Array()
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Copies what Java has read (0: nothing) into a view, and returns how many bytes that is. */
exports.copyInto = (view, offset, hostBuffer) => {
  if (hostBuffer === 0) {
    return 0;
  }
  const read = new Uint8Array(new ArrayBuffer(hostBuffer));
  const target = bytesOf(view);
  const count = Math.min(read.length, Math.max(0, target.length - offset));
  copy(read, target, offset, 0, count);
  return read.length;
};

/** As `copyInto`, for several views one after another. */
exports.scatter = (views, hostBuffer) => {
  if (hostBuffer === 0) {
    return 0;
  }
  const read = new Uint8Array(new ArrayBuffer(hostBuffer));
  let at = 0;
  for (const view of views) {
    const count = Math.min(read.length - at, view.byteLength);
    copy(read, bytesOf(view), 0, at, count);
    at += count;
  }
  return read.length;
};

/** One view of the bytes of all. */
exports.gather = (views) => {
  if (views.length === 1) {
    return views[0];
  }
  const all = new Uint8Array(exports.lengthOf(views));
  let at = 0;
  for (const view of views) {
    all.set(bytesOf(view), at);
    at += view.byteLength;
  }
  return all;
};

exports.lengthOf = (views) => views.reduce((sum, { byteLength }) => sum + byteLength, 0);

/** Java's array of 64-bit numbers, as a Float64Array or a BigInt64Array of the program's own. */
exports.numbersOf = (hostBuffer, target) => {
  exports.copyInto(target, 0, hostBuffer);
  return target;
};
