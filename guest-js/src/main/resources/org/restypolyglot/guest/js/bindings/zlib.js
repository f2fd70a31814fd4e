/** Compression: the handles that Node's zlib.js drives, over Java's Inflater and Deflater. */
'use strict';

const { zlib: hostZlib } = host;
const { copy } = require('intrinsics');
const loop = require('loop');
const { notSupported } = require('failures');
const { constants } = require('node-constants');

Object.freeze(constants.zlib);

const MODES = ['DEFLATE', 'INFLATE', 'GZIP', 'GUNZIP', 'DEFLATERAW', 'INFLATERAW', 'UNZIP'];
const NAMES = new Map(MODES.map((name) => [constants.zlib[name], name]));
const { Z_FINISH, BROTLI_OPERATION_FINISH } = constants.zlib;

/** A stream of Java's, as Node's C++ would be: it writes to the given buffer, and how far to `state`. */
class Handle {
  #stream;
  #state;
  #callback;
  #chunk;
  #chunkAt = 0;
  #isWriting = false;
  #closesLater = false;

  _start(stream, state, callback) {
    this.#stream = stream;
    this.#state = state;
    this.#callback = callback;
  }

  write(flush, chunk, offset, length, out, outOffset, room) {
    this.#setInput(chunk, offset, length);
    this.#isWriting = true;
    const done = loop.request((output) => {
      this.#isWriting = false;
      if (this.#take(output, out, outOffset, room)) {
        this.#callback.call(this);
      }
      if (this.#closesLater) {
        this.close();
      }
    });
    this.#stream.write(this._flushOf(flush, length), room, done);
  }

  writeSync(flush, chunk, offset, length, out, outOffset, room) {
    this.#setInput(chunk, offset, length);
    const isSync = true;
    this.#take(
      this.#stream.writeSync(this._flushOf(flush, length, isSync), room),
      out,
      outOffset,
      room,
    );
  }

  /** Java keeps what it has not used up; so it need not be given again for each piece of output. */
  #setInput(chunk, offset, length) {
    if (length > 0 && chunk === this.#chunk && offset > 0 && offset === this.#chunkAt) {
      return;
    }
    this.#chunk = chunk;
    if (length === 0) {
      this.#stream.input(null, 0, 0);
    } else {
      this.#stream.input(chunk.buffer, chunk.byteOffset + offset, length);
    }
    this.#chunkAt = offset;
    this.#inputLeft = length;
  }

  #inputLeft = 0;

  /** Puts what came out where it belongs; false where it was an error, which is told. */
  #take(output, out, outOffset, room) {
    const stream = this.#stream;
    if (output === null) {
      this.#tell(stream.message(), stream.number(), stream.code());
      return false;
    }
    const produced = new ArrayBuffer(output);
    if (produced.byteLength > 0) {
      copy(new Uint8Array(produced), out, outOffset, 0, produced.byteLength);
    }
    const left = stream.inputLeft();
    this.#chunkAt += this.#inputLeft - left;
    this.#inputLeft = left;
    this.#state[0] = room - produced.byteLength;
    this.#state[1] = left;
    return true;
  }

  /** `onerror` is the library's. A stream that was closed meanwhile has nothing to tell. */
  #tell(message, number, code) {
    if (message !== null) {
      this.onerror(message, number, code);
    }
  }

  _flushOf(flush) {
    return flush;
  }

  params(level, strategy) {
    this.#stream.params(level, strategy);
  }

  reset() {
    this.#chunk = undefined;
    if (!this.#stream.reset()) {
      this.#tell(this.#stream.message(), this.#stream.number(), this.#stream.code());
    }
  }

  close() {
    this.#chunk = undefined;
    if (this.#isWriting) {
      this.#closesLater = true;
    } else {
      this.#closesLater = false;
      this.#stream.close();
    }
  }

  getAsyncId() {
    return 0;
  }
}

class Zlib extends Handle {
  #mode;

  constructor(mode) {
    super();
    this.#mode = NAMES.get(mode);
  }

  init(windowBits, level, memLevel, strategy, state, callback, dictionary) {
    const { buffer = null, byteOffset = 0, byteLength = 0 } = dictionary ?? {};
    this._start(
      hostZlib.open(this.#mode, windowBits, level, strategy, buffer, byteOffset, byteLength),
      state,
      callback,
    );
  }
}

class BrotliDecoder extends Handle {
  init(params, state, callback) {
    this._start(hostZlib.openBrotliDecoder(), state, callback);
  }

  /** Java's decoder reads ahead, so it has to know where the input ends. */
  _flushOf(flush, length, isSync = false) {
    const { owner_symbol: OWNER } = require('bindings').requireNode('internal/async_hooks').symbols;
    const owner = this[OWNER];
    const isEnd =
      isSync || (length === 0 && owner?.writableEnded === true && owner.writableLength === 0);
    return flush === BROTLI_OPERATION_FINISH || isEnd ? Z_FINISH : 0;
  }
}

const refuse = (what) =>
  class {
    constructor() {
      throw notSupported(what);
    }
  };

Object.assign(exports, {
  Zlib,
  BrotliDecoder,
  BrotliEncoder: refuse('zlib: compression with Brotli'),
  ZstdCompress: refuse('zlib: compression with Zstandard'),
  ZstdDecompress: refuse('zlib: decompression of Zstandard'),
  crc32(data, value) {
    const bytes = typeof data === 'string' ? new globalThis.TextEncoder().encode(data) : data;
    return hostZlib.crc32(bytes.buffer, bytes.byteOffset, bytes.byteLength, value);
  },
  ZLIB_VERSION: '1.3.1',
});
