/**
 * A value as text for people, in the manner of Node's util.inspect: nested to a depth, each object
 * once per path, on one line where that is short. Runs no getter, and survives hostile values.
 */
'use strict';

const { attempt } = require('failures');
const {
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
} = require('inspect-text');

const LINE_LENGTH = 80;
const LINE_MARGIN = 10;
const MAX_ITEMS = 100;
const MAX_BYTES = 50;
const INLINE_LEVELS = 3;
const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

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
    if (isEmpty(value)) {
      return this.#enter(value);
    }
    if (this.#path.length > this.#maxDepth) {
      const name = Array.isArray(value) ? 'Array' : constructorName(value);
      return `[${name ?? 'Object: null prototype'}]`;
    }
    this.#currentLevel = this.#path.length;
    return this.#enter(value);
  }

  #enter(value) {
    this.#path.push(value);
    try {
      const text = this.#byKind(value);
      const number = this.#circular.get(value);
      return number === undefined ? text : `<ref *${number}> ${text}`;
    } finally {
      this.#path.pop();
    }
  }

  #byKind(value) {
    if (isList(value)) {
      return this.#braces(value, listPrefix(value), '[]', this.#elements(value));
    }
    const leaf = leafText(value);
    if (leaf !== undefined) {
      return this.#withKeys(value, leaf);
    }
    if (value instanceof Error) {
      return this.#error(value);
    }
    if (value instanceof Map) {
      const entries = first(value, ([key, item]) => `${this.show(key)} => ${this.show(item)}`);
      return this.#braces(value, prefixOf(value, 'Map', value.size), '{}', entries);
    }
    if (value instanceof Set) {
      const entries = first(value, (item) => this.show(item));
      return this.#braces(value, prefixOf(value, 'Set', value.size), '{}', entries);
    }
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      return this.#buffer(value);
    }
    if (value instanceof WeakMap || value instanceof WeakSet) {
      return `${constructorName(value)} { <items unknown> }`;
    }
    const prefix = value instanceof Promise ? 'Promise ' : prefixOf(value, 'Object');
    return this.#braces(value, prefix, '{}', []);
  }

  /** The elements of an array or its like, holes counted. */
  #elements(list) {
    const { length } = list;
    const items = [];
    let index = 0;
    while (index < length && items.length < MAX_ITEMS) {
      if (Object.hasOwn(list, index)) {
        items.push(this.#property(list, String(index), true));
        index++;
      } else {
        const end = nextElement(list, index);
        items.push(`<${end - index} empty item${end - index === 1 ? '' : 's'}>`);
        index = end;
      }
    }
    return withRest(items, length - index);
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
        return (
          this.#showHidden || Object.getOwnPropertyDescriptor(object, key)?.enumerable === true
        );
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
    const shown = Array.from(new Uint8Array(buffer).slice(0, MAX_BYTES), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    const rest = buffer.byteLength - shown.length;
    const more = rest > 0 ? ` ... ${rest} more bytes` : '';
    const items = [
      `[Uint8Contents]: <${shown.join(' ')}${more}>`,
      `byteLength: ${buffer.byteLength}`,
    ];
    return this.#braces(buffer, `${constructorName(buffer)} `, '{}', items);
  }
}

/** Where the hole of a sparse array ends that begins at `index`. */
function nextElement(list, index) {
  const next = Object.keys(list).find((key) => Number(key) > index);
  return next === undefined ? list.length : Math.min(list.length, Number(next));
}

function withRest(items, rest) {
  return rest > 0 ? [...items, `... ${rest} more item${rest === 1 ? '' : 's'}`] : items;
}

/** The first entries of a Map or Set. */
function first(collection, show) {
  const items = [];
  for (const entry of collection) {
    if (items.length === MAX_ITEMS) {
      break;
    }
    items.push(show(entry));
  }
  return withRest(items, collection.size - items.length);
}

/**
 * @param {unknown} value
 * @param {{depth?: number|null, showHidden?: boolean}} [options] depth: how many levels below the
 *     first are shown; null: all
 */
exports.inspect = (value, options) => new Inspector(options).show(value);
