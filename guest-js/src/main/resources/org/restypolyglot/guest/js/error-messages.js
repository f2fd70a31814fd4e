/**
 * In place of the library's internal/error_serdes: errors on their way out of a Worker. There they are
 * bytes of V8's; here they are values of the structured clone algorithm. What is kept of them is the same.
 */
'use strict';

const messages = require('messages');

const ERRORS = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};
const CUSTOM_INSPECT = Symbol.for('nodejs.util.inspect.custom');

const inspect = (value) =>
  require('node').requireNode('internal/util/inspect').inspect(value);

/** All properties, also inherited ones, as values; not functions, symbols and what cannot be got. */
function propertiesOf(object, target, seen) {
  const all = { __proto__: null };
  if (object === null) {
    return all;
  }
  Object.assign(all, propertiesOf(Object.getPrototypeOf(object), target, seen));
  for (const key of Object.getOwnPropertyNames(object)) {
    let descriptor;
    try {
      descriptor = Object.getOwnPropertyDescriptor(object, key);
    } catch {
      continue; // a user's Error.prepareStackTrace may throw
    }
    let { value } = descriptor;
    if (descriptor.get !== undefined) {
      if (key === '__proto__') {
        continue;
      }
      try {
        value = Reflect.apply(descriptor.get, target, []);
      } catch {
        continue;
      }
    } else if (!('value' in descriptor)) {
      continue;
    }
    if (key === 'cause') {
      value = serialize(value, seen);
    }
    if (typeof value !== 'function' && typeof value !== 'symbol') {
      all[key] = { value, enumerable: descriptor.enumerable };
    }
  }
  return all;
}

function typeOf(error) {
  for (let at = error; at !== null; at = Object.getPrototypeOf(at)) {
    const type = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    const name = type && Object.getOwnPropertyDescriptor(type, 'name')?.value;
    if (typeof name === 'string' && Object.hasOwn(ERRORS, name)) {
      return name;
    }
  }
  return undefined;
}

function canTravel(value) {
  try {
    messages.write(value);
    return true;
  } catch {
    return false;
  }
}

function serialize(error, seen) {
  if (typeof error === 'symbol') {
    return { symbol: error.description ?? '' };
  }
  try {
    if (
      typeof error === 'object' &&
      Object.prototype.toString.call(error) === '[object Error]'
    ) {
      if (seen.has(error)) {
        return { custom: '[Circular object]' };
      }
      seen.add(error);
      const type = typeOf(error);
      const whole = { type, properties: propertiesOf(error, error, seen) };
      if (type !== undefined && canTravel(whole)) {
        return whole;
      }
    }
  } catch {
    // it is shown as text
  }
  try {
    if (error !== null && error !== undefined && CUSTOM_INSPECT in Object(error)) {
      return { custom: inspect(error) };
    }
  } catch {
    // as above
  }
  return canTravel(error) ? { value: error } : { text: inspect(error) };
}

exports.serializeError = (error) => serialize(error, new Set());

exports.deserializeError = (parts) => {
  if ('value' in parts) {
    return parts.value;
  }
  if ('text' in parts) {
    return parts.text;
  }
  if ('symbol' in parts) {
    return Symbol.for(parts.symbol);
  }
  if ('custom' in parts) {
    return { __proto__: null, [CUSTOM_INSPECT]: () => parts.custom };
  }
  const error = Object.create(ERRORS[parts.type].prototype);
  for (const [key, { value, enumerable }] of Object.entries(parts.properties)) {
    Object.defineProperty(error, key, {
      value: key === 'cause' ? exports.deserializeError(value) : value,
      enumerable,
      writable: true,
      configurable: true,
    });
  }
  Object.defineProperty(error, Symbol.toStringTag, { value: 'Error', configurable: true });
  return error;
};
