/** What Node's Buffer is made of. */
'use strict';

const { codedError } = require('failures');
const bytes = require('intrinsics');

/** What Node says; the engine ends at 2 ** 31 - 1. */
const MAX_LENGTH = 2 ** 53 - 1;
const MAX_STRING = 2 ** 29 - 24;

/** The encodings by their number in Node, and how the intrinsics call them. */
const ENCODINGS = [
  'ASCII',
  'UTF_8',
  'BASE_64',
  'UTF_16',
  'LATIN_1',
  'HEX',
  undefined,
  'BASE_64_URL',
];
const NAMES = {
  ascii: 'ASCII',
  base64: 'BASE_64',
  base64url: 'BASE_64_URL',
  binary: 'LATIN_1',
  hex: 'HEX',
  latin1: 'LATIN_1',
  ucs2: 'UTF_16',
  'ucs-2': 'UTF_16',
  utf16le: 'UTF_16',
  'utf-16le': 'UTF_16',
};

function encodeByName(text, name) {
  return new Uint8Array(bytes.encode(text, NAMES[String(name).toLowerCase()] ?? 'UTF_8'));
}

/** Returns -1 for an empty pattern, -2 for a range outside of the buffer. */
function fill(target, value, start, end, encoding) {
  if (start < 0 || end > target.length) {
    return -2;
  }
  if (start >= end) {
    return undefined;
  }
  if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
    Uint8Array.prototype.fill.call(target, value & 255, start, end);
    return undefined;
  }
  const pattern = typeof value === 'string' ? encodeByName(value, encoding) : value;
  if (pattern.byteLength === 0) {
    return -1;
  }
  bytes.fillWith(target, pattern, start, end);
  return undefined;
}

function indexOfString(target, text, offset, encoding, forwards) {
  const name = ENCODINGS[encoding] ?? 'UTF_8';
  const sought = new Uint8Array(bytes.encode(text, name));
  return bytes.indexOf(target, sought, offset, forwards, name === 'UTF_16' ? 2 : 1);
}

/** The characters of base64, without blanks; -1 or -2 for what is none. */
function atob(input) {
  const text = input.replace(/[\t\n\f\r ]/g, '');
  const data = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (/[^A-Za-z0-9+/]/.test(data)) {
    return -2;
  }
  if (data.length % 4 === 1) {
    return -1;
  }
  return bytes.latin1Slice.call(new Uint8Array(bytes.encode(data, 'BASE_64')));
}

function btoa(input) {
  if (/[^\0-\xff]/.test(input)) {
    return -1;
  }
  return bytes.base64Slice.call(new Uint8Array(bytes.encode(input, 'LATIN_1')));
}

/** The same value; throws for one whose bytes were transferred. */
function attached(value) {
  if ((ArrayBuffer.isView(value) ? value.buffer : value).detached) {
    throw codedError('ERR_INVALID_STATE', 'Cannot validate on a detached buffer');
  }
  return value;
}

const swap = (size) => (target) => bytes.swap(target, size);

Object.assign(exports, {
  FastBuffer: require('fast-buffer').FastBuffer,
  encodeByName,
  kMaxLength: MAX_LENGTH,
  kStringMaxLength: MAX_STRING,
  asciiSlice: bytes.asciiSlice,
  base64Slice: bytes.base64Slice,
  base64urlSlice: bytes.base64urlSlice,
  latin1Slice: bytes.latin1Slice,
  hexSlice: bytes.hexSlice,
  ucs2Slice: bytes.ucs2Slice,
  utf8Slice: bytes.utf8Slice,
  asciiWriteStatic: bytes.asciiWriteStatic,
  latin1WriteStatic: bytes.latin1WriteStatic,
  utf8WriteStatic: bytes.utf8WriteStatic,
  base64Write: bytes.base64Write,
  base64urlWrite: bytes.base64urlWrite,
  hexWrite: bytes.hexWrite,
  ucs2Write: bytes.ucs2Write,
  byteLengthUtf8: bytes.byteLengthUtf8,
  compare: bytes.compare,
  compareOffset: bytes.compareOffset,
  copy: bytes.copy,
  copyArrayBuffer(target, targetOffset, source, sourceOffset, count) {
    bytes.copy(source, target, targetOffset, sourceOffset, count);
  },
  createUnsafeArrayBuffer: (size) => new ArrayBuffer(size),
  fill,
  indexOfString,
  indexOfBuffer: (target, sought, offset, encoding, forwards) =>
    bytes.indexOf(target, sought, offset, forwards, ENCODINGS[encoding] === 'UTF_16' ? 2 : 1),
  indexOfNumber: (target, value, offset, forwards) =>
    bytes.indexOf(target, Uint8Array.of(value), offset, forwards, 1),
  isAscii: (value) => bytes.isAscii(attached(value)),
  isUtf8: (value) => bytes.isUtf8(attached(value)),
  swap16: swap(2),
  swap32: swap(4),
  swap64: swap(8),
  atob,
  btoa,
});
