/** Node's Buffer: bytes with encodings. */
'use strict';

const { typeName } = require('failures');
const encodings = require('encodings');

class Buffer extends Uint8Array {
  /**
   * Text in an encoding; a copy of an array, a typed array or a Buffer; a view of an ArrayBuffer.
   */
  static from(value, encodingOrOffset, length) {
    if (typeof value === 'string') {
      return adopt(encodings.encode(value, encodingOrOffset));
    }
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      return new Buffer(value, encodingOrOffset, length);
    }
    if (value !== null && typeof value === 'object') {
      if (value.type === 'Buffer' && Array.isArray(value.data)) {
        return new Buffer(value.data);
      }
      if (typeof value.length === 'number') {
        return new Buffer(Array.from(value));
      }
    }
    throw invalidType(
      'the first argument of Buffer.from',
      'a string, ArrayBuffer, Buffer or array',
      value,
    );
  }

  static of(...bytes) {
    return new Buffer(bytes);
  }

  static alloc(size, fill, encoding) {
    checkSize(size);
    const buffer = new Buffer(size);
    return fill === undefined || size === 0 ? buffer : buffer.fill(fill, encoding);
  }

  static allocUnsafe(size) {
    return Buffer.alloc(size);
  }

  static allocUnsafeSlow(size) {
    return Buffer.alloc(size);
  }

  static isBuffer(value) {
    return value instanceof Buffer;
  }

  static isEncoding(name) {
    return encodings.isEncoding(name);
  }

  static byteLength(value, encoding) {
    return typeof value === 'string' ? encodings.encode(value, encoding).length : value.byteLength;
  }

  static concat(list, totalLength) {
    if (!Array.isArray(list)) {
      throw invalidType('the list of Buffer.concat', 'an array', list);
    }
    const result = Buffer.alloc(totalLength ?? list.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of list) {
      if (at >= result.length) {
        break;
      }
      result.set(part.subarray(0, result.length - at), at);
      at += part.length;
    }
    return result;
  }

  static compare(a, b) {
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) {
      if (a[i] !== b[i]) {
        return a[i] < b[i] ? -1 : 1;
      }
    }
    return Math.sign(a.length - b.length);
  }

  toString(encoding, start = 0, end = this.length) {
    return encodings.decode(this.subarray(Math.max(0, start), Math.max(0, end)), encoding);
  }

  toLocaleString(encoding, start, end) {
    return this.toString(encoding, start, end);
  }

  toJSON() {
    return { type: 'Buffer', data: Array.from(this) };
  }

  equals(other) {
    if (!(other instanceof Uint8Array)) {
      throw invalidType('the argument of equals', 'a Buffer or Uint8Array', other);
    }
    return this === other || Buffer.compare(this, other) === 0;
  }

  compare(other, otherStart = 0, otherEnd = other.length, start = 0, end = this.length) {
    return Buffer.compare(this.subarray(start, end), other.subarray(otherStart, otherEnd));
  }

  /** A view of the same memory, unlike a typed array's. */
  slice(start, end) {
    return this.subarray(start, end);
  }

  copy(target, targetStart = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }

  /** write(text[, offset[, length]][, encoding]) */
  write(text, ...rest) {
    const encoding = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
    const [offset = 0, length = this.length - offset] = rest;
    const room = Math.min(length, this.length - offset);
    const bytes = encodings.encodeWithin(text, encoding, room);
    this.set(bytes, offset);
    return bytes.length;
  }

  /** fill(value[, start[, end]][, encoding]) */
  fill(value, ...rest) {
    const encoding = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
    const [start = 0, end = this.length] = rest;
    if (typeof value === 'number' || typeof value === 'boolean') {
      return super.fill(Number(value) & 0xff, start, end);
    }
    const pattern = typeof value === 'string' ? encodings.encode(value, encoding) : value;
    for (let i = start; i < end; i++) {
      this[i] = pattern.length === 0 ? 0 : pattern[(i - start) % pattern.length];
    }
    return this;
  }

  indexOf(value, from = 0, encoding) {
    if (typeof value === 'number') {
      return super.indexOf(value & 0xff, from);
    }
    const needle = typeof value === 'string' ? encodings.encode(value, encoding) : value;
    const first = from < 0 ? Math.max(0, this.length + from) : from;
    for (let i = first; i <= this.length - needle.length; i++) {
      let same = 0;
      while (same < needle.length && this[i + same] === needle[same]) {
        same++;
      }
      if (same === needle.length) {
        return i;
      }
    }
    return -1;
  }

  includes(value, from, encoding) {
    return this.indexOf(value, from, encoding) >= 0;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = encodings.decode(this.subarray(0, 50), 'hex').replace(/..(?=.)/g, '$& ');
    const rest = this.length - 50;
    return `<Buffer${shown === '' ? '' : ` ${shown}`}${rest > 0 ? ` ... ${rest} more bytes` : ''}>`;
  }
}

/** readUInt16BE(offset), writeDoubleLE(value, offset) and their like. */
function defineNumbers() {
  const kinds = {
    UInt8: ['Uint8', 1],
    Int8: ['Int8', 1],
    UInt16: ['Uint16', 2],
    Int16: ['Int16', 2],
    UInt32: ['Uint32', 4],
    Int32: ['Int32', 4],
    BigUInt64: ['BigUint64', 8],
    BigInt64: ['BigInt64', 8],
    Float: ['Float32', 4],
    Double: ['Float64', 8],
  };
  const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (const [name, [kind, size]] of Object.entries(kinds)) {
    for (const order of size === 1 ? [''] : ['LE', 'BE']) {
      defineMethod(`read${name}${order}`, function (offset = 0) {
        return view(this)[`get${kind}`](offset, order === 'LE');
      });
      defineMethod(`write${name}${order}`, function (value, offset = 0) {
        view(this)[`set${kind}`](offset, value, order === 'LE');
        return offset + size;
      });
    }
  }
}

/** Methods with "UInt" in their name exist with "Uint", too. */
function defineMethod(name, method) {
  for (const alias of new Set([name, name.replace('UInt', 'Uint')])) {
    Object.defineProperty(Buffer.prototype, alias, {
      value: method,
      writable: true,
      configurable: true,
    });
  }
}

/** A Buffer on the memory of a typed array that nobody else has. */
function adopt(bytes) {
  return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function invalidType(what, expected, value) {
  return Object.assign(new TypeError(`${what} should be ${expected}, got ${typeName(value)}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}

function checkSize(size) {
  if (typeof size !== 'number') {
    throw invalidType('the size of a Buffer', 'a number', size);
  }
  if (!(size >= 0)) {
    throw Object.assign(new RangeError(`the size of a Buffer should be 0 or more, got ${size}`), {
      code: 'ERR_OUT_OF_RANGE',
    });
  }
}

defineNumbers();
Buffer.poolSize = 0;

exports.Buffer = Buffer;
