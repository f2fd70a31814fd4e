/**
 * A value as text for people, in the manner of Node's util.inspect: nested to a depth, each object
 * once per path, on one line where that is short. Runs no getter, and survives hostile values.
 */
'use strict';

const { attempt } = require('failures');

const LINE_LENGTH = 80;
const LINE_MARGIN = 10;
const MAX_ITEMS = 100;
const MAX_STRING = 10_000;
const INLINE_LEVELS = 3;
const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const ESCAPES = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\\': '\\\\' };

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
      return rest > 0 ? `${quote(value.slice(0, MAX_STRING))}... ${rest} more characters` : quote(value);
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

/** Whether the elements are shown as such, not as properties. */
function isIndexed(value) {
  return (
    Array.isArray(value) ||
    value instanceof typedArray ||
    value instanceof String ||
    isArguments(value)
  );
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

class Inspector {
  #maxDepth;
  #showHidden;
  #path = [];
  /** The level of the object that was begun last. */
  #currentLevel = 0;
  /** Objects that something inside them refers back to, with their number. */
  #circular = new Map();

  constructor({ depth = 2, showHidden = false } = {}) {
    this.#maxDepth = depth === null ? Infinity : depth;
    this.#showHidden = showHidden;
  }

  show(value) {
    if (!isObject(value)) {
      return primitive(value);
    }
    try {
      return this.#object(value);
    } catch (error) {
      return `[cannot be shown: ${attempt(() => String(error?.message ?? error), '?')}]`;
    }
  }

  #object(value) {
    const custom = value[CUSTOM];
    if (typeof custom === 'function') {
      const depth = this.#maxDepth - this.#path.length;
      const shown = custom.call(value, depth, { depth: this.#maxDepth }, exports.inspect);
      if (shown !== value) {
        return typeof shown === 'string' ? shown : this.show(shown);
      }
    }
    if (this.#path.includes(value)) {
      if (!this.#circular.has(value)) {
        this.#circular.set(value, this.#circular.size + 1);
      }
      return `[Circular *${this.#circular.get(value)}]`;
    }
    const level = this.#path.length;
    if (level > this.#maxDepth && !isEmpty(value)) {
      return `[${Array.isArray(value) ? 'Array' : (constructorName(value) ?? 'Object: null prototype')}]`;
    }
    this.#path.push(value);
    if (!isEmpty(value)) {
      this.#currentLevel = level;
    }
    try {
      const text = this.#byKind(value);
      const number = this.#circular.get(value);
      return number === undefined ? text : `<ref *${number}> ${text}`;
    } finally {
      this.#path.pop();
    }
  }

  #byKind(value) {
    if (Array.isArray(value)) {
      const prefix = prefixOf(value, 'Array', value.length);
      return this.#braces(value, prefix, '[]', this.#items(value, value.length));
    }
    if (value instanceof typedArray) {
      return this.#braces(
        value,
        prefixOf(value, constructorName(value) ?? 'TypedArray', value.length).replace(/ \[\w+\] $/, ' '),
        '[]',
        this.#items(value, value.length),
      );
    }
    if (typeof value === 'function') {
      return this.#withKeys(value, functionText(value));
    }
    if (value instanceof Error) {
      return this.#error(value);
    }
    if (value instanceof Map) {
      const entries = Array.from(value, ([k, v]) => `${this.show(k)} => ${this.show(v)}`);
      return this.#braces(value, prefixOf(value, 'Map', value.size), '{}', entries);
    }
    if (value instanceof Set) {
      const entries = Array.from(value, (item) => this.show(item));
      return this.#braces(value, prefixOf(value, 'Set', value.size), '{}', entries);
    }
    if (value instanceof Date) {
      return this.#withKeys(value, attempt(() => value.toISOString(), 'Invalid Date'));
    }
    if (value instanceof RegExp) {
      return this.#withKeys(value, RegExp.prototype.toString.call(value));
    }
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      return this.#buffer(value);
    }
    if (value instanceof WeakMap || value instanceof WeakSet) {
      return `${constructorName(value)} { <items unknown> }`;
    }
    const boxed = boxedText(value);
    if (boxed !== undefined) {
      return this.#withKeys(value, boxed);
    }
    if (value instanceof Promise) {
      return this.#braces(value, 'Promise ', '{}', []);
    }
    if (isArguments(value)) {
      return this.#braces(value, '[Arguments] ', '[]', this.#items(value, value.length));
    }
    return this.#braces(value, prefixOf(value, 'Object'), '{}', []);
  }

  /** The elements of an array or its like, holes counted. */
  #items(array, length) {
    const items = [];
    let index = 0;
    while (index < length && items.length < MAX_ITEMS) {
      let holes = 0;
      while (index < length && !Object.hasOwn(array, index)) {
        holes++;
        index++;
      }
      if (holes > 0) {
        items.push(`<${holes} empty item${holes === 1 ? '' : 's'}>`);
      } else {
        items.push(this.#property(array, String(index), true));
        index++;
      }
    }
    const rest = length - index;
    if (rest > 0) {
      items.push(`... ${rest} more item${rest === 1 ? '' : 's'}`);
    }
    return items;
  }

  #property(object, key, valueOnly) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    let text;
    if (descriptor.get !== undefined) {
      text = descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]';
    } else if (descriptor.set !== undefined) {
      text = '[Setter]';
    } else {
      text = this.show(descriptor.value);
    }
    if (valueOnly) {
      return text;
    }
    return `${descriptor.enumerable ? keyText(key) : `[${String(key)}]`}: ${text}`;
  }

  /** The properties that are no elements. */
  #properties(object, skip) {
    const indexed = isIndexed(object);
    return Reflect.ownKeys(object)
      .filter((key) => {
        if (skip.includes(key) || (indexed && /^\d+$/.test(String(key)))) {
          return false;
        }
        return this.#showHidden || Object.getOwnPropertyDescriptor(object, key)?.enumerable === true;
      })
      .map((key) => this.#property(object, key, false));
  }

  #braces(object, prefix, [open, close], items, skip = []) {
    const parts = [...items, ...this.#properties(object, skip)];
    if (parts.length === 0) {
      return `${prefix}${open}${close}`;
    }
    if (this.#fitsOneLine(prefix, parts)) {
      return `${prefix}${open} ${parts.join(', ')} ${close}`;
    }
    const lines = parts.map((part) => part.replaceAll('\n', '\n  '));
    return `${prefix}${open}\n  ${lines.join(',\n  ')}\n${close}`;
  }

  /** Short objects do, with up to three levels in them. */
  #fitsOneLine(prefix, parts) {
    const level = this.#path.length - 1;
    const begin = prefix.length + 2 * level + LINE_MARGIN;
    const length = parts.reduce((sum, part) => sum + part.length + 2, begin);
    return (
      this.#currentLevel - level < INLINE_LEVELS &&
      length <= LINE_LENGTH &&
      !parts.some((part) => part.includes('\n'))
    );
  }

  #withKeys(object, text) {
    const parts = this.#properties(object, []);
    return parts.length === 0 ? text : this.#braces(object, `${text} `, '{}', []);
  }

  #error(error) {
    const stack = typeof error.stack === 'string' && error.stack !== '' ? error.stack : undefined;
    const title = attempt(() => Error.prototype.toString.call(error), 'Error');
    const text = stack ?? `[${title}]`;
    const items = [];
    if (Object.hasOwn(error, 'cause')) {
      items.push(`[cause]: ${this.show(error.cause)}`);
    }
    const skip = ['stack', 'message', 'cause', 'name'];
    const parts = [...items, ...this.#properties(error, skip)];
    return parts.length === 0 ? text : this.#braces(error, `${text} `, '{}', items, skip);
  }

  #buffer(buffer) {
    const shown = Array.from(new Uint8Array(buffer).slice(0, 50), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    const rest = buffer.byteLength - shown.length;
    const contents = `[Uint8Contents]: <${shown.join(' ')}${rest > 0 ? ` ... ${rest} more bytes` : ''}>`;
    const items = [contents, `byteLength: ${buffer.byteLength}`];
    return this.#braces(buffer, `${constructorName(buffer)} `, '{}', items);
  }
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

/**
 * @param {unknown} value
 * @param {{depth?: number|null, showHidden?: boolean}} [options] depth: how many levels below the
 *     first are shown; null: all
 */
exports.inspect = (value, options) => new Inspector(options).show(value);
