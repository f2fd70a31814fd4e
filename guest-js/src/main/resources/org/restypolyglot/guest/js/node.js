/**
 * Node's own library in this context: loads its modules, each when it is first asked for, and gives
 * them what they get in Node: `primordials`, and `internalBinding` in place of Node's C++.
 */
'use strict';

const bindings = require('bindings');
const compile = require('compile');
const { notSupported } = require('failures');
const replacements = require('node-replacements');

/** The class stays, for who asks what is an instance of it. */
function refuseServer(name, library) {
  const refuse = (what) => () => {
    throw notSupported(`node:${name}'s ${what}`, ': nginx is the server');
  };
  library.createServer = refuse('createServer');
  library.Server.prototype.listen = refuse('Server.listen');
}

/** What Node does with a module when it starts. */
const AFTER = {
  // The engine has one hook for promises, and none for the rest.
  async_hooks(hooks) {
    hooks.createHook = () => {
      throw notSupported('async_hooks.createHook');
    };
  },

  diagnostics_channel: (channels) => require('console').useChannels(channels),

  // So that it is an instance of EventEmitter.
  events: () => require('process').becomeEmitter(),
  http2(http2) {
    for (const what of ['createServer', 'createSecureServer', 'performServerHandshake']) {
      http2[what] = () => {
        throw notSupported(`node:http2's ${what}`, ': nginx is the server');
      };
    }
  },
  'internal/url': (url) => url.installObjectURLMethods(),
  'internal/dns/utils': (utils) => utils.initializeDns(),
  http: (http) => refuseServer('http', http),
  https: (https) => refuseServer('https', https),
  net: (net) => refuseServer('net', net),
  tls: (tls) => refuseServer('tls', tls),
  'internal/util/debuglog': (debuglog) =>
    debuglog.initializeDebugEnv(require('process').process.env.NODE_DEBUG),
};

// No Maps and Sets: their methods could be a user's by now.
const available = { __proto__: null };
for (const id of require('node-facts').library) {
  available[id] = true;
}
const loaded = { __proto__: null };
let primordials;

/** The built-in functions as they are now, by the names that the library uses. */
function getPrimordials() {
  if (primordials === undefined) {
    const created = require('primordials').create();
    run('internal/per_context/primordials', { exports: {} }, created);
    primordials = created;
  }
  return primordials;
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
  let module = loaded[id];
  if (module === undefined) {
    module = { exports: {} };
    loaded[id] = module;
    let complete = false;
    try {
      if (!Object.hasOwn(replacements, id) && !available[id]) {
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
        delete loaded[id];
      }
    }
  }
  return module.exports;
}

exports.requireNode = requireNode;

bindings.useLibrary(requireNode);
