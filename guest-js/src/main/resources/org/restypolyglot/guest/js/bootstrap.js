/**
 * The first of our scripts to run in a context: a module loader of a few lines for the others.
 *
 * Each of them is a CommonJS module; `require` knows only them, and `host` is Java's side. Neither
 * is a global, so that no user's code gets hold of them.
 *
 * @param {object} host the exported Java objects, by name
 * @param {(name: string) => Function} compile gives the wrapper function of a script
 * @returns {object} the exports of main.js
 */
(function (host, compile) {
  'use strict';

  const INTRINSICS = 'resty-polyglot intrinsics';
  const intrinsic = globalThis[INTRINSICS];
  const intrinsics = new Proxy(
    { __proto__: null },
    { get: (made, name) => (made[name] ??= intrinsic(name)) },
  );
  // No Map: its methods could be a user's by now, and near the end of the stack calls may fail.
  const modules = {
    __proto__: null,
    intrinsics: { exports: intrinsics },
    compile: { exports: compile },
  };
  delete globalThis[INTRINSICS];

  function require(name) {
    let module = modules[name];
    if (module === undefined) {
      module = { exports: {} };
      modules[name] = module;
      let complete = false;
      try {
        compile(name)(module.exports, require, module, host);
        complete = true;
      } finally {
        if (!complete) {
          delete modules[name]; // the next one who asks may have more of the stack
        }
      }
    }
    return module.exports;
  }

  return require('main');
});
