/** Modules that require one another: as Node, warns of exports that are asked for before they are there. */
'use strict';

const { kindOf } = require('intrinsics');

function warn(name) {
  require('process').process.emitWarning(
    `Accessing non-existent property '${String(name)}' of module exports inside circular dependency`,
  );
}

/** The prototype of exports that are not complete. Transpilers ask for `__esModule` of all. */
const warning = new Proxy(
  {},
  {
    __proto__: null,
    get(target, name) {
      if (!(name in target) && name !== '__esModule') {
        warn(name);
      }
      return target[name];
    },
    getOwnPropertyDescriptor(target, name) {
      if (!Object.hasOwn(target, name) && name !== '__esModule') {
        warn(name);
      }
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  },
);

const hasPrototype = (value, prototype) =>
  typeof value === 'object' &&
  value !== null &&
  kindOf(value) !== 'Proxy' &&
  Object.getPrototypeOf(value) === prototype;

/** The exports of a module that somebody requires while it runs. */
exports.early = ({ exports: found }) => {
  if (hasPrototype(found, Object.prototype) && !found.__esModule) {
    Object.setPrototypeOf(found, warning);
  }
  return found;
};

/** The module has run. */
exports.complete = ({ exports: found }) => {
  if (hasPrototype(found, warning)) {
    Object.setPrototypeOf(found, Object.prototype);
  }
};
