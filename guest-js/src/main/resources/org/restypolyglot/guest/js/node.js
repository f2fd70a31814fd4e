/**
 * Node's own library in this context: loads its modules, each when it is first asked for, and gives
 * them what they get in Node: `primordials`, and `internalBinding` in place of Node's C++.
 */
'use strict';

const bindings = require('bindings');
const compile = require('compile');
const { codedError } = require('failures');
const replacements = require('node-replacements');

/** What Node does with a module when it starts. */
const AFTER = {
  // The engine has one hook for promises, and none for the rest.
  async_hooks(hooks) {
    hooks.createHook = () => {
      throw notSupported('async_hooks.createHook');
    };
  },

  // So that it is an instance of EventEmitter.
  events: () => require('process').becomeEmitter(),
  'internal/util/debuglog': (debuglog) =>
    debuglog.initializeDebugEnv(require('process').process.env.NODE_DEBUG),
};

const available = new Set(require('node-facts').library);
const loaded = new Map();
let primordials;

/** The built-in functions as they are now, by the names that the library uses. */
function getPrimordials() {
  if (primordials === undefined) {
    primordials = require('primordials').create();
    run('internal/per_context/primordials', { exports: {} }, primordials);
  }
  return primordials;
}

function notSupported(what) {
  return codedError('ERR_NOT_SUPPORTED', `ERR_NOT_SUPPORTED: ${what} is not supported here`);
}

function run(id, module, builtins) {
  const { process } = require('process');
  const load = compile(`node/${id}`);
  load(
    module.exports,
    requireNode,
    module,
    process,
    bindings.get,
    builtins,
    bindings.get('util').privateSymbols,
    bindings.get('symbols'),
  );
}

/**
 * @param {string} id as in Node: "util", "internal/util/inspect"
 * @returns {unknown} its exports
 */
function requireNode(id) {
  let module = loaded.get(id);
  if (module === undefined) {
    module = { exports: {} };
    loaded.set(id, module);
    let complete = false;
    try {
      if (!Object.hasOwn(replacements, id) && !available.has(id)) {
        throw notSupported(`node:${id}`);
      }
      if (Object.hasOwn(replacements, id)) {
        module.exports = replacements[id](requireNode);
      } else {
        run(id, module, getPrimordials());
        AFTER[id]?.(module.exports);
      }
      complete = true;
    } finally {
      if (!complete) {
        loaded.delete(id);
      }
    }
  }
  return module.exports;
}

exports.requireNode = requireNode;

bindings.useLibrary(requireNode);
