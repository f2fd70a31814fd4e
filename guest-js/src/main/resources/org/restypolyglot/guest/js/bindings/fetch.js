/**
 * What undici stands on here: its requests are sent by Java's HTTP client (HostFetch), in place of its own
 * client, which needs WebAssembly.
 */
'use strict';

const { fetch: hostFetch } = host;

const library = (id) => require('node').requireNode(id);

/** Node's assert, which is loaded when something is wrong. */
exports.assert = (value, message) => {
  if (!value) {
    library('assert').ok(value, message);
  }
};

exports.randomInt = (limit) => hostFetch.randomInt(limit);

exports.markAsUncloneable = (object) => {
  const { transfer_mode_private_symbol: MODE } = require('bindings/symbols').privateSymbols;
  object[MODE] = 0;
};

let isUndiciLoading = false;

/** The class Agent, with which undici makes the global dispatcher. */
exports.agentOf = (undici) => {
  isUndiciLoading = true;
  return require('bindings/fetch/agent').agentOf(undici);
};

/** For who reads it before a fetch: packages that are undici themselves. It is set by undici. */
exports.globalDispatcher = () => {
  if (isUndiciLoading) {
    return undefined;
  }
  isUndiciLoading = true;
  return library('internal/deps/undici/undici').getGlobalDispatcher();
};
