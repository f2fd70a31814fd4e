/**
 * The structured clone algorithm: from a value to an opaque message and back, in this context or
 * another one. Java walks over the values; here is what it asks of JavaScript on the way.
 */
'use strict';

const { writeMessage, readMessage } = require('intrinsics');
const { symbols, privateSymbols } = require('bindings/symbols');

const {
  messaging_clone_symbol: CLONE,
  messaging_deserialize_symbol: DESERIALIZE,
  messaging_transfer_symbol: TRANSFER,
  messaging_transfer_list_symbol: NESTED,
} = symbols;
const { transfer_mode_private_symbol: MODE, untransferable_object_private_symbol: FIXED } =
  privateSymbols;

/** How the names of our own classes begin in `deserializeInfo`. */
const OURS = 'ours:';

/** Where those are that no class of the library's is around, which would have loaded them. */
const HOMES = { SecretKey: 'bindings/crypto/keys' };

/** Our own classes whose objects travel, by name: how one is made, to be filled later. */
const ours = { __proto__: null };

const library = (id) => require('bindings').requireNode(id);

function dataCloneError(message) {
  const { DOMException } = library('internal/per_context/domexception');
  return new DOMException(message, 'DataCloneError');
}

const nameOf = (value) => {
  try {
    return value.constructor.name || 'Object';
  } catch {
    return 'Object';
  }
};

const FAILURES = {
  detachedBuffer: () => dataCloneError('An ArrayBuffer is detached and could not be cloned.'),
  duplicate: (value) => dataCloneError(`Transfer list contains duplicate ${nameOf(value)}`),
  duplicateBuffer: () => dataCloneError('Transfer list contains duplicate ArrayBuffer'),
  invalidTransfer: () => dataCloneError('Found invalid value in transferList.'),
  missingTransfer: () =>
    dataCloneError(
      'Object that needs transfer was found in message but not listed in transferList',
    ),
  notTransferable: (value) =>
    nameOf(value) === 'MessagePort'
      ? dataCloneError('MessagePort in transfer list is already detached')
      : FAILURES.invalidTransfer(),
  sourcePort: () => dataCloneError('Transfer list contains source port'),
  untransferable: () => dataCloneError('Cannot transfer object of unsupported type.'),
};

const hooks = {
  mode: MODE,

  cannotClone(value) {
    if (typeof value === 'object' && value !== null && value[MODE] !== undefined) {
      throw dataCloneError('Cannot clone object of unsupported type.');
    }
    const text =
      typeof value === 'object' && value !== null ? `#<${nameOf(value)}>` : String(value);
    throw dataCloneError(`${text} could not be cloned.`);
  },

  fail(name, value) {
    throw FAILURES[name](value);
  },

  lower(value, transferred) {
    const method = (transferred ? value[TRANSFER] : undefined) ?? value[CLONE];
    const parts = typeof method === 'function' ? Reflect.apply(method, value, []) : undefined;
    if (typeof parts !== 'object' || parts === null) {
      throw dataCloneError('Cannot clone object of unsupported type.');
    }
    return parts;
  },

  nested: (value) => (typeof value[NESTED] === 'function' ? value[NESTED]() : undefined),

  substitute(value) {
    const { isEnvironment } = require('environment');
    return isEnvironment(value) ? { ...value } : undefined;
  },

  isUntransferable: (value) => value[FIXED] !== undefined,

  create(info) {
    if (info.startsWith(OURS)) {
      const name = info.slice(OURS.length);
      if (ours[name] === undefined) {
        require(HOMES[name]);
      }
      return ours[name]();
    }
    const [id, name] = info.split(':', 2);
    if (!id.startsWith('internal/') && !require('builtin-names').isKnown(id)) {
      throw new TypeError(`Missing internal module '${id}'`);
    }
    if (name === 'DOMException') {
      const { DOMException } = library('internal/per_context/domexception');
      return new DOMException();
    }
    const Type = library(id)[name];
    if (typeof Type !== 'function' || typeof Type.prototype[DESERIALIZE] !== 'function') {
      throw new Error(`Unknown deserialize spec ${info}`);
    }
    return new Type();
  },

  fill(object, data) {
    object[DESERIALIZE]?.(data);
  },
};

/**
 * Tells of a class of ours whose objects travel: they have MODE, and methods CLONE or TRANSFER that
 * give `{ data, deserializeInfo: infoOf(name) }` where `data` may be an object of Java's; `create`
 * makes one, whose method DESERIALIZE gets the data.
 */
exports.register = (name, create) => {
  ours[name] = create;
};

exports.infoOf = (name) => OURS + name;

Object.assign(exports, {
  CLONE,
  DESERIALIZE,
  MODE,
  TRANSFER,
  TRANSFERABLE: 1,
  CLONEABLE: 2,
  dataCloneError,
});

/**
 * @param {unknown} value
 * @param {Array} [transfer] what moves
 * @param {object} [port] the port that sends it
 */
exports.write = (value, transfer, port) => writeMessage(value, transfer, port, hooks);

exports.read = (message) => readMessage(message, hooks);
