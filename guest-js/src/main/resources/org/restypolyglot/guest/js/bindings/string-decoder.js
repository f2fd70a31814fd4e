/** Text from bytes that come in pieces: the state is a Buffer of the library's, as in Node. */
'use strict';

const bytes = require('intrinsics');
const { encodings } = require('node-constants');

const START = 0;
const MISSING = 4;
const BUFFERED = 5;
const ENCODING = 6;

const ENCODERS = {
  ascii: bytes.asciiSlice,
  base64: bytes.base64Slice,
  base64url: bytes.base64urlSlice,
  hex: bytes.hexSlice,
  latin1: bytes.latin1Slice,
  utf16le: bytes.ucs2Slice,
  utf8: bytes.utf8Slice,
};

/** How many bytes at the end begin a character, and how many it lacks; as Node's C++ finds them. */
const INCOMPLETE = {
  utf8(data) {
    for (let held = 1; held <= data.length && held < 4; held++) {
      const byte = data[data.length - held];
      if ((byte & 0xc0) !== 0x80) {
        const size = byte >> 5 === 6 ? 2 : byte >> 4 === 14 ? 3 : byte >> 3 === 30 ? 4 : 0;
        return held < size ? [held, size - held] : [0, 0];
      }
    }
    return [0, 0];
  },
  utf16le(data) {
    if (data.length % 2 === 1) {
      return [1, 1];
    }
    return (data.at(-1) & 0xfc) === 0xd8 ? [2, 2] : [0, 0];
  },
  base64: (data) => [data.length % 3, data.length % 3 === 0 ? 0 : 3 - (data.length % 3)],
};
INCOMPLETE.base64url = INCOMPLETE.base64;

/** Adds to the character that is held: [its text, what is left of the chunk]. */
function complete(state, chunk, encoding) {
  let take = Math.min(state[MISSING], chunk.length);
  if (encoding === 'utf8') {
    const other = chunk.subarray(0, take).findIndex((byte) => (byte & 0xc0) !== 0x80);
    if (other >= 0) {
      take = other; // the character ends here, and is wrong
      state[MISSING] = take;
    }
  }
  state.set(chunk.subarray(0, take), START + state[BUFFERED]);
  state[BUFFERED] += take;
  state[MISSING] -= take;
  if (state[MISSING] > 0) {
    return ['', chunk.subarray(take)];
  }
  const text = ENCODERS[encoding].call(state, START, state[BUFFERED]);
  state[BUFFERED] = 0;
  return [text, chunk.subarray(take)];
}

exports.decode = (state, input) => {
  const encoding = encodings[state[ENCODING]];
  let text = '';
  let chunk = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (state[MISSING] > 0 && chunk.length > 0) {
    [text, chunk] = complete(state, chunk, encoding);
  }
  if (chunk.length === 0) {
    return text;
  }
  const [held, missing] = INCOMPLETE[encoding]?.(chunk) ?? [0, 0];
  const end = chunk.length - held;
  state.set(chunk.subarray(end), START);
  state[BUFFERED] = held;
  state[MISSING] = missing;
  return text + ENCODERS[encoding].call(chunk, 0, end);
};

exports.flush = (state) => {
  const encoding = encodings[state[ENCODING]];
  const held = state[BUFFERED];
  const end = encoding === 'utf16le' ? held - (held % 2) : held;
  const text = ENCODERS[encoding].call(state, START, end);
  state[BUFFERED] = 0;
  state[MISSING] = 0;
  return text;
};

Object.assign(exports, {
  encodings,
  kIncompleteCharactersStart: START,
  kIncompleteCharactersEnd: 4,
  kMissingBytes: MISSING,
  kBufferedBytes: BUFFERED,
  kEncodingField: ENCODING,
  kNumFields: 7,
  kSize: 7,
});
