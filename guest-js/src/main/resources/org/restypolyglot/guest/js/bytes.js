/** Bytes from Java, as the user's own. */
'use strict';

const { FastBuffer } = require('fast-buffer');

/**
 * Copies, as the user may change what he gets, and as code on JavaScript's own arrays is faster.
 *
 * @param {object|null} hostBuffer a java.nio.ByteBuffer
 */
exports.fromHost = (hostBuffer) => {
  if (hostBuffer === null) {
    return null;
  }
  const view = new Uint8Array(new ArrayBuffer(hostBuffer));
  const copy = new FastBuffer(view.length);
  copy.set(view);
  return copy;
};
