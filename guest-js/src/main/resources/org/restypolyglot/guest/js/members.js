/** Which members of a user's object may be called by name: its own and its classes'. */
'use strict';

const { attempt } = require('failures');

/** Where the look-up ends: what these offer is the language's, not the user's. */
const builtins = new Set(
  [
    Object,
    Function,
    Array,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Promise,
    Error,
    String,
    Number,
    Boolean,
    Date,
    RegExp,
    ArrayBuffer,
    DataView,
    Object.getPrototypeOf(Uint8Array),
    Uint8Array,
    (async () => {}).constructor,
    function* () {}.constructor,
    async function* () {}.constructor,
  ].map((type) => type.prototype),
);

const { getPrototypeOf } = Object;

/** The objects that hold the user's members of `target`, the nearest first. */
function* holders(target) {
  const isObject = target !== null && (typeof target === 'object' || typeof target === 'function');
  let at = isObject ? target : null;
  while (at !== null && !builtins.has(at)) {
    yield at;
    at = getPrototypeOf(at);
  }
}

function isMember(target, name) {
  if (name === 'constructor') {
    return false;
  }
  for (const holder of holders(target)) {
    if (Object.hasOwn(holder, name)) {
      return true;
    }
  }
  return false;
}

/** The value of the member `name`, undefined where there is none. */
exports.findMember = (target, name) => (isMember(target, name) ? target[name] : undefined);

exports.isMember = isMember;

/** Who has the export `name`: a module itself, or its default export; undefined: neither. */
exports.ownerOf = (module, name) => {
  if (isMember(module, name)) {
    return module;
  }
  return isMember(module, 'default') && isMember(module.default, name)
    ? module.default
    : undefined;
};

/** The names of all members for which `accept(value)` holds; runs no getter. */
exports.memberNames = (target, accept) => {
  const names = new Set();
  attempt(() => {
    for (const holder of holders(target)) {
      for (const name of Object.getOwnPropertyNames(holder)) {
        const { value } = Object.getOwnPropertyDescriptor(holder, name);
        if (name !== 'constructor' && !name.startsWith('_') && accept(value)) {
          names.add(name);
        }
      }
    }
  });
  return [...names];
};

/** "a, b, c" or "nothing", for messages. */
exports.listing = (names) => (names.length === 0 ? 'nothing' : names.join(', '));
