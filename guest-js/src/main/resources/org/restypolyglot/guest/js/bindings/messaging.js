/** structuredClone, and the class of its errors. */
'use strict';

const { kindOf, detach } = require('intrinsics');
const { symbols, privateSymbols } = require('bindings/symbols');

const CLONEABLE = 2;

const { messaging_clone_symbol: CLONE, messaging_deserialize_symbol: DESERIALIZE } = symbols;
const { transfer_mode_private_symbol: MODE } = privateSymbols;

const ERRORS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const VIEWS = new Map(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    globalThis.Float16Array,
  ]
    .filter((type) => type !== undefined)
    .map((type) => [type.name, type]),
);
const viewName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function cannotClone(value) {
  const { DOMException } = exports;
  const { inspect } = require('bindings').requireNode('internal/util/inspect');
  const text =
    typeof value === 'function' || typeof value === 'symbol'
      ? String(value)
      : inspect(value, { depth: 0 });
  const what = typeof value === 'object' ? `#<${value?.constructor?.name || 'Object'}>` : text;
  return new DOMException(`${what} could not be cloned.`, 'DataCloneError');
}

/** One call of structuredClone: what it has seen, and what moves. */
class Cloning {
  #seen = new Map();
  #transferred;

  constructor(transferred) {
    this.#transferred = transferred;
  }

  clone(value) {
    if (typeof value === 'symbol' || typeof value === 'function') {
      throw cannotClone(value);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (this.#seen.has(value)) {
      return this.#seen.get(value);
    }
    return this.#cloneObject(value);
  }

  #remember(value, copy) {
    this.#seen.set(value, copy);
    return copy;
  }

  #cloneObject(value) {
    if (value[MODE] !== undefined) {
      return this.#cloneOfLibrary(value);
    }
    const kind = kindOf(value);
    switch (kind) {
      case 'Boolean':
      case 'Number':
      case 'String':
      case 'BigInt':
        return this.#remember(value, Object(value.valueOf()));
      case 'Date':
        return this.#remember(value, new Date(Date.prototype.getTime.call(value)));
      case 'RegExp':
        return this.#remember(value, new RegExp(value.source, value.flags));
      case 'ArrayBuffer':
        return this.#remember(value, this.#cloneBuffer(value));
      case 'SharedArrayBuffer':
        return this.#remember(value, value);
      case 'DataView':
        return this.#remember(
          value,
          new DataView(this.clone(value.buffer), value.byteOffset, value.byteLength),
        );
      case 'TypedArray':
        return this.#cloneView(value);
      case 'Map':
        return this.#cloneMap(value);
      case 'Set':
        return this.#cloneSet(value);
      case 'Error':
        return this.#cloneError(value);
      case 'Array':
        return this.#cloneProperties(value, this.#remember(value, new Array(value.length)));
      case 'Arguments':
      case undefined:
      case 'Ordinary':
        return this.#cloneProperties(value, this.#remember(value, {}));
      default:
        throw cannotClone(value);
    }
  }

  /** Blob, DOMException and others say themselves how they are cloned. */
  #cloneOfLibrary(value) {
    if (!(value[MODE] & CLONEABLE) || typeof value[CLONE] !== 'function') {
      throw cannotClone(value);
    }
    const { data, deserializeInfo } = value[CLONE]();
    const [id, name] = deserializeInfo.split(':');
    const { requireNode } = require('bindings');
    const Type =
      id === 'internal/worker/clone_dom_exception' ? exports.DOMException : requireNode(id)[name];
    const copy = name === 'DOMException' ? Object.create(Type.prototype) : new Type();
    copy[DESERIALIZE](data);
    return this.#remember(value, copy);
  }

  #cloneBuffer(value) {
    if (value.detached) {
      throw new exports.DOMException(
        'An ArrayBuffer is detached and could not be cloned.',
        'DataCloneError',
      );
    }
    const copy = value.resizable
      ? new ArrayBuffer(value.byteLength, { maxByteLength: value.maxByteLength })
      : new ArrayBuffer(value.byteLength);
    new Uint8Array(copy).set(new Uint8Array(value));
    return copy;
  }

  #cloneView(value) {
    const Type = VIEWS.get(viewName.call(value));
    return this.#remember(
      value,
      new Type(this.clone(value.buffer), value.byteOffset, value.length),
    );
  }

  #cloneMap(value) {
    const copy = this.#remember(value, new Map());
    for (const [key, item] of [...Map.prototype.entries.call(value)]) {
      copy.set(this.clone(key), this.clone(item));
    }
    return copy;
  }

  #cloneSet(value) {
    const copy = this.#remember(value, new Set());
    for (const item of [...Set.prototype.values.call(value)]) {
      copy.add(this.clone(item));
    }
    return copy;
  }

  #cloneError(value) {
    const name = String(value.name);
    const Type = Object.hasOwn(ERRORS, name) ? ERRORS[name] : Error;
    const copy = this.#remember(value, Reflect.construct(Error, [], Type));
    for (const key of ['stack', 'message', 'cause']) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor !== undefined) {
        Object.defineProperty(copy, key, {
          value: key === 'cause' ? this.clone(value[key]) : String(value[key]),
          writable: true,
          enumerable: false,
          configurable: true,
        });
      }
    }
    return copy;
  }

  #cloneProperties(value, copy) {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(value, key)) {
        Object.defineProperty(copy, key, {
          value: this.clone(value[key]),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
    }
    return copy;
  }

  /** After everything is cloned: the buffers that move are empty where they were. */
  finish() {
    this.#transferred.forEach(detach);
  }
}

function checkTransfer(transfer) {
  const buffers = new Set();
  for (const item of transfer) {
    if (kindOf(item) !== 'ArrayBuffer') {
      throw new exports.DOMException('Found invalid value in transferList.', 'DataCloneError');
    }
    if (buffers.has(item)) {
      throw new exports.DOMException(
        'ArrayBuffer occurs in the transfer list more than once',
        'DataCloneError',
      );
    }
    if (item.detached) {
      throw new exports.DOMException(
        'An ArrayBuffer is detached and could not be cloned.',
        'DataCloneError',
      );
    }
    buffers.add(item);
  }
  return buffers;
}

exports.structuredClone = (value, options) => {
  const cloning = new Cloning(checkTransfer(options?.transfer ?? []));
  const copy = cloning.clone(value);
  cloning.finish();
  return copy;
};

exports.setDeserializerCreateObjectFunction = () => {};

Object.defineProperty(exports, 'DOMException', {
  get: () => require('bindings').requireNode('internal/per_context/domexception').DOMException,
});
