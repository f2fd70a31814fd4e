/** What a user's code finds in the global scope besides the language itself. */
'use strict';

const { permissions } = host;

function define(name, value) {
  Object.defineProperty(globalThis, name, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** A global that is made when it is first used, so that who does not use it pays nothing. */
function defineLazy(name, make) {
  Object.defineProperty(globalThis, name, {
    get() {
      const value = make();
      define(name, value);
      return value;
    },
    set: (value) => define(name, value),
    enumerable: false,
    configurable: true,
  });
}

exports.install = () => {
  define('global', globalThis);
  defineLazy('console', () => require('console').console);
  defineLazy('print', () => globalThis.console.log);
  defineLazy('process', () => require('process').process);
  defineLazy('Buffer', () => require('buffer').Buffer);
  defineLazy('queueMicrotask', () => require('timers').queueMicrotask);
  for (const name of ['Event', 'EventTarget', 'CustomEvent']) {
    defineLazy(name, () => require('events')[name]);
  }
  for (const name of ['AbortController', 'AbortSignal', 'DOMException']) {
    defineLazy(name, () => require('abort')[name]);
  }
  for (const name of ['Timeout', 'Interval', 'Immediate']) {
    defineLazy(`set${name}`, () => require('timers').api[`set${name}`]);
    defineLazy(`clear${name}`, () => require('timers').api[`clear${name}`]);
  }
  guardJava();
};

/** `Java.type` asks for permissions first, and says what to add where one is missing. */
function guardJava() {
  const real = globalThis.Java;
  const realType = real?.type;
  const type = (name) => {
    if (realType === undefined || !permissions.permits(String(name))) {
      throw new Error(
        `Java.type("${name}") is not permitted; ` +
          `add permissions = {java = {"${name}"}} to the options of load_ffi`,
      );
    }
    return realType(name);
  };
  define('Java', real === undefined ? Object.freeze({ type }) : Object.assign(real, { type }));
}
