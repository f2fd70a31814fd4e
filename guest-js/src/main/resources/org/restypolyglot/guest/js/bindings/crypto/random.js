/** Random bytes, and comparing that takes as long for all values. */
'use strict';

const { crypto: hostCrypto } = host;
const { copy } = require('intrinsics');
const { failure, parts } = require('bindings/crypto/bytes');
const { Job } = require('bindings/crypto/jobs');

class RandomBytesJob extends Job {
  #target;
  #offset;
  #size;

  constructor(mode, target, offset, size) {
    super(mode);
    this.#target = target;
    this.#offset = offset;
    this.#size = size;
  }

  compute() {
    const [buffer, offset] = parts(this.#target);
    const source = new Uint8Array(new ArrayBuffer(hostCrypto.random(this.#size)));
    copy(source, new Uint8Array(buffer), offset + this.#offset, 0, this.#size);
    return undefined;
  }
}

function viewOf(value, name) {
  if (!ArrayBuffer.isView(value) && Object.prototype.toString.call(value) !== '[object ArrayBuffer]') {
    throw failure(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
    );
  }
  return new Uint8Array(...parts(value));
}

Object.assign(exports, {
  RandomBytesJob,
  secureBuffer: (size) => new Uint8Array(size),
  secureHeapUsed: () => undefined,
  timingSafeEqual(first, second) {
    const a = viewOf(first, 'buf1');
    const b = viewOf(second, 'buf2');
    if (a.length !== b.length) {
      throw failure(
        RangeError,
        'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
        'Input buffers must have the same byte length',
      );
    }
    let difference = 0;
    for (let i = 0; i < a.length; i++) {
      difference |= a[i] ^ b[i];
    }
    return difference === 0;
  },
});
