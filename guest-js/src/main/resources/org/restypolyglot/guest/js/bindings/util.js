/** Values from the inside, and odds and ends. */
'use strict';

const { kindOf, namedKeys, promiseDetails, proxyDetails, preview } = require('intrinsics');
const { privateSymbols } = require('bindings/symbols');
const constants = require('node-constants').util;

const { ONLY_ENUMERABLE, SKIP_SYMBOLS } = constants;

/** An array's or typed array's keys that are no indexes. */
function getOwnNonIndexProperties(target, filter) {
  const isIndex = (key) =>
    typeof key === 'string' && /^(0|[1-9]\d{0,9})$/.test(key) && key < 2 ** 32 - 1;
  return (namedKeys(target) ?? Reflect.ownKeys(target)).filter(
    (key) =>
      !isIndex(key) &&
      (filter & SKIP_SYMBOLS && typeof key === 'symbol' ? false : true) &&
      (filter & ONLY_ENUMERABLE ? Object.prototype.propertyIsEnumerable.call(target, key) : true),
  );
}

function constructorName(value) {
  for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, 'constructor');
    if (typeof descriptor?.value === 'function' && descriptor.value.name !== '') {
      return descriptor.value.name;
    }
  }
  return kindOf(value) ?? 'Object';
}

/** Getters that load a module of the library when they are first used. */
function defineLazyProperties(target, id, keys, enumerable = true) {
  const { requireNode } = require('bindings');
  for (const key of keys) {
    const define = (value) =>
      Object.defineProperty(target, key, {
        __proto__: null,
        value,
        writable: true,
        enumerable,
        configurable: true,
      });
    const get = function () {
      const value = requireNode(id)[key];
      define(value);
      return value;
    };
    Object.defineProperty(get, 'name', { value: key });
    const set = (value) => void define(value);
    Object.defineProperty(set, 'name', { value: key });
    Object.defineProperty(target, key, {
      __proto__: null,
      get,
      set,
      enumerable,
      configurable: true,
    });
  }
}

/** The callers' places, without those of the library. */
function getCallSites(count) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = count + 1;
    Error.prepareStackTrace = (error, sites) => sites;
    const { stack } = new Error('sites');
    return (Array.isArray(stack) ? stack : []).slice(0, count).map((site) => ({
      functionName: site.getFunctionName() ?? '',
      scriptId: '0',
      scriptName: site.getFileName() ?? '',
      lineNumber: site.getLineNumber(),
      columnNumber: site.getColumnNumber(),
      column: site.getColumnNumber(),
    }));
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The text of a .env file. */
function parseEnv(text) {
  const entry =
    /^[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)[^\S\n]*=[^\S\n]*("[^"]*"|'[^']*'|`[^`]*`|[^\n#]*)?[^\n]*$/gm;
  const result = {};
  for (const [, name, raw = ''] of text.replaceAll('\r', '').matchAll(entry)) {
    const trimmed = raw.trim();
    const quote = trimmed[0];
    if (trimmed.length > 1 && '"\'`'.includes(quote) && trimmed.endsWith(quote)) {
      const inner = trimmed.slice(1, -1);
      result[name] = quote === '"' ? inner.replaceAll('\\n', '\n') : inner;
    } else {
      result[name] = trimmed;
    }
  }
  return result;
}

Object.assign(exports, {
  constants,
  builtInObjects: require('node-facts').builtInObjects,
  privateSymbols,
  getOwnNonIndexProperties,
  getPromiseDetails: promiseDetails,
  getProxyDetails(value, showHandler = true) {
    const details = proxyDetails(value);
    return details === undefined || showHandler ? details : details[0];
  },
  previewEntries(value, withKind) {
    const details = preview(value) ?? [[], false];
    return withKind ? details : details[0];
  },
  getConstructorName: constructorName,
  getExternalValue: () => 0n,
  getCallSites,
  parseEnv,
  defineLazyProperties,
  guessHandleType: () => 'UNKNOWN',
  isInsideNodeModules: () => false,
  isConstructor: (value) => typeof value === 'function' && 'prototype' in value,
  sleep: () => {},
  arrayBufferViewHasBuffer: () => true,
  shouldAbortOnUncaughtToggle: [0],
});
