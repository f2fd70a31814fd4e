/** The pieces of an inspected value: names, quoted text, primitives. */
'use strict';

const { attempt } = require('failures');

const MAX_STRING = 10_000;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const ESCAPES = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\\': '\\\\',
};

const typedArray = Object.getPrototypeOf(Uint8Array);

/** Text in quotes, the kind of quote that it does not contain. */
function quote(text) {
  const mark = ["'", '"', '`'].find((candidate) => !text.includes(candidate)) ?? "'";
  const body = text.replace(/[\u0000-\u001f\u007f\\]|\p{Surrogate}/gu, (char) => {
    const code = char.charCodeAt(0);
    const digits = code < 256 ? 2 : 4;
    const hex = code.toString(16).toUpperCase().padStart(digits, '0');
    return ESCAPES[char] ?? (digits === 2 ? `\\x${hex}` : `\\u${hex}`);
  });
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
}

function primitive(value) {
  switch (typeof value) {
    case 'string': {
      const rest = value.length - MAX_STRING;
      return rest > 0
        ? `${quote(value.slice(0, MAX_STRING))}... ${rest} more characters`
        : quote(value);
    }
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      return String(value);
  }
}

function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

function isArguments(value) {
  return Object.prototype.toString.call(value) === '[object Arguments]';
}

function isList(value) {
  return Array.isArray(value) || value instanceof typedArray || isArguments(value);
}

/** Whether the properties 0, 1, 2 ... are elements, and shown as such. */
function isIndexed(value) {
  return isList(value) || value instanceof String;
}

/** A plain object or array with nothing in it, which is shown at any depth. */
function isEmpty(value) {
  const prototype = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === Array.prototype;
  return plain && Object.keys(value).length === 0;
}

/** The name of the nearest constructor; null for an object without a prototype. */
function constructorName(value) {
  for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof found === 'function' && found.name !== '' && typeof found.name === 'string') {
      return found.name;
    }
  }
  return null;
}

function keyText(key) {
  if (typeof key === 'symbol') {
    return `[${String(key)}]`;
  }
  return IDENTIFIER.test(key) ? key : quote(key);
}

/** "Foo ", "[Object: null prototype] ", "Foo [tag] ", or "" for a plain object. */
function prefixOf(value, usual, size) {
  const name = constructorName(value) ?? `[${usual}: null prototype]`;
  const tag = attempt(() => value[Symbol.toStringTag], undefined);
  const count = size === undefined ? '' : `(${size})`;
  const shown = typeof tag === 'string' && tag !== '' && tag !== name ? ` [${tag}]` : '';
  if (name === usual && shown === '' && (usual === 'Object' || usual === 'Array')) {
    return '';
  }
  return `${name}${count}${shown} `;
}

/** "Foo(3) " and the like; none for a plain array. */
function listPrefix(value) {
  if (isArguments(value)) {
    return '[Arguments] ';
  }
  if (Array.isArray(value)) {
    return prefixOf(value, 'Array', value.length);
  }
  return `${constructorName(value) ?? 'TypedArray'}(${value.length}) `;
}

function functionText(value) {
  const source = attempt(() => Function.prototype.toString.call(value), '');
  const name = attempt(() => Object.getOwnPropertyDescriptor(value, 'name')?.value, undefined);
  const hasName = typeof name === 'string' && name !== '';
  if (/^class\b/.test(source)) {
    const base = attempt(() => Object.getPrototypeOf(value).name, '');
    return `[class ${hasName ? name : '(anonymous)'}${base ? ` extends ${base}` : ''}]`;
  }
  const kind = constructorName(value) ?? 'Function';
  return hasName ? `[${kind}: ${name}]` : `[${kind} (anonymous)]`;
}

/** What is shown as one text, maybe with properties after it; undefined for all else. */
function leafText(value) {
  if (typeof value === 'function') {
    return functionText(value);
  }
  if (value instanceof Date) {
    return attempt(() => value.toISOString(), 'Invalid Date');
  }
  if (value instanceof RegExp) {
    return RegExp.prototype.toString.call(value);
  }
  return boxedText(value);
}

/** Number, String, Boolean, Symbol and BigInt objects. */
function boxedText(value) {
  for (const type of [Number, String, Boolean, BigInt, Symbol]) {
    if (value instanceof type) {
      const inner = attempt(() => type.prototype.valueOf.call(value), undefined);
      return inner === undefined ? undefined : `[${type.name}: ${primitive(inner)}]`;
    }
  }
  return undefined;
}

module.exports = {
  constructorName,
  isEmpty,
  isIndexed,
  isList,
  isObject,
  keyText,
  leafText,
  listPrefix,
  prefixOf,
  primitive,
};
