/**
 * The class of all Buffers. Node's library gives it its methods when one of them is first used, so that
 * a handler that only passes bytes on does not load the library.
 */
'use strict';

const { bufferMembers } = require('node-facts');

class FastBuffer extends Uint8Array {}

const { prototype } = FastBuffer;
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

for (const name of [...bufferMembers, INSPECT]) {
  Object.defineProperty(prototype, name, {
    get() {
      require('node').requireNode('buffer');
      return this[name];
    },
    set(value) {
      Object.defineProperty(this, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    configurable: true,
  });
}

exports.FastBuffer = FastBuffer;
