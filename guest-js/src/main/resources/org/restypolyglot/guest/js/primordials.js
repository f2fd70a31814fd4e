/**
 * Node's `primordials`: the built-in functions under names such as ArrayPrototypePush(array, value).
 * Node copies all 1,400 when it is built; here each is made when a module first asks for it.
 */
'use strict';

const { isHidden } = require('intrinsics');

const { apply, bind, call } = Function.prototype;
const uncurryThis = bind.bind(call);
const applyBind = bind.bind(apply);

const own = {
  TypedArray: Object.getPrototypeOf(Uint8Array),
  ArrayIterator: { prototype: Object.getPrototypeOf([][Symbol.iterator]()) },
  StringIterator: { prototype: Object.getPrototypeOf(''[Symbol.iterator]()) },
};

const NAMES = [
  'AggregateError Array ArrayBuffer ArrayIterator Atomics BigInt BigInt64Array BigUint64Array Boolean',
  'DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Int16Array',
  'Int32Array Int8Array JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect',
  'RegExp Set String StringIterator Symbol SyntaxError TypeError TypedArray URIError Uint16Array',
  'Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet',
]
  .flatMap((line) => line.split(' '))
  .sort((a, b) => b.length - a.length);

const PREFIX = new RegExp(`^(?:${NAMES.join('|')})`);

/** Functions of the global object itself. */
const GLOBALS = new Set(
  'globalThis decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval unescape'.split(
    ' ',
  ),
);

const PROTOTYPE = 'Prototype';

const { getOwnPropertyDescriptor } = Reflect;
const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);

/** The property that Node calls `name`: "Push" is push, "PI" is PI, "SymbolIterator" is @@iterator. */
function descriptorOf(holder, name) {
  const found =
    getOwnPropertyDescriptor(holder, lowerFirst(name)) ?? getOwnPropertyDescriptor(holder, name);
  if (found !== undefined || !name.startsWith('Symbol')) {
    return found;
  }
  const symbol = name === 'Symbol' ? undefined : Symbol[lowerFirst(name.slice('Symbol'.length))];
  return typeof symbol === 'symbol' ? getOwnPropertyDescriptor(holder, symbol) : undefined;
}

/** `plain`: a static function stays as it is, bound to `receiver` if there is one. */
function member(holder, name, { plain, receiver }) {
  const found = descriptorOf(holder, name);
  if (found !== undefined && 'value' in found) {
    const { value } = found;
    if (typeof value !== 'function') {
      return value;
    }
    if (!plain) {
      return uncurryThis(value);
    }
    return receiver === undefined ? value : value.bind(receiver);
  }
  const accessor = name.length > 3 ? descriptorOf(holder, name.slice(3)) : undefined;
  if (accessor !== undefined && name.startsWith('Get')) {
    return uncurryThis(accessor.get);
  }
  if (accessor !== undefined && name.startsWith('Set')) {
    return uncurryThis(accessor.set);
  }
  const list = name.endsWith('Apply') ? descriptorOf(holder, name.slice(0, -5))?.value : undefined;
  if (list === undefined) {
    return undefined;
  }
  return plain ? applyBind(list, holder) : applyBind(list);
}

function find(name) {
  if (GLOBALS.has(name)) {
    return globalThis[name];
  }
  const prefix = PREFIX.exec(name)?.[0];
  if (prefix === undefined) {
    return undefined;
  }
  const holder = Object.hasOwn(own, prefix) ? own[prefix] : globalThis[prefix];
  const rest = name.slice(prefix.length);
  if (rest === '') {
    return holder;
  }
  if (rest === PROTOTYPE) {
    return holder.prototype;
  }
  if (rest.startsWith(PROTOTYPE)) {
    return member(holder.prototype, rest.slice(PROTOTYPE.length), { plain: false });
  }
  // As in Node: Promise's static functions are bound, those of %TypedArray% take their `this` first.
  return member(holder, rest, {
    plain: prefix !== 'TypedArray',
    receiver: prefix === 'Promise' ? holder : undefined,
  });
}

const { captureStackTrace } = Error;

/**
 * The functions of the library are in no stack trace. The engine would look in vain for the one up to
 * which it is to leave frames out, and leave out all of them.
 */
function capture(error, upTo) {
  if (upTo === undefined || isHidden(upTo)) {
    captureStackTrace(error);
  } else {
    captureStackTrace(error, upTo);
  }
}

/** A table that is filled as it is read. */
exports.create = () => {
  const known = {
    __proto__: null,
    IteratorPrototype: Iterator.prototype,
    ErrorCaptureStackTrace: capture,
  };
  return new Proxy(
    {},
    {
      get(target, name) {
        let value = known[name];
        if (value === undefined && !(name in known)) {
          value = find(name);
          known[name] = value;
        }
        return value;
      },
      set(target, name, value) {
        known[name] = value;
        return true;
      },
      defineProperty(target, name, { value }) {
        known[name] = value;
        return true;
      },
    },
  );
};
