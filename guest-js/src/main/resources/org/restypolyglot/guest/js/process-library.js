/** What of `process` is Node's own library: its checks of arguments, and what is seldom used. */
'use strict';

const { process: facts } = host;
const { codedError, notSupported } = require('failures');

const library = (id) => require('node').requireNode(id);
const perThread = () => library('internal/process/per_thread');

let methods;

/** Node's methods over our native layer. */
function wrapped() {
  methods ??= perThread().wrapProcessMethods(require('bindings').get('process_methods'));
  return methods;
}

/** A function of `process` that another one of the library answers. */
const forward = (name, find) =>
  ({
    [name](...args) {
      return Reflect.apply(find()[name], this, args);
    },
  })[name];

let capture = null;

/** Where uncaught exceptions go instead of to the listeners of `uncaughtException`; null: nowhere. */
exports.capture = () => capture;

function setUncaughtExceptionCaptureCallback(callback) {
  const { codes } = library('internal/errors');
  if (callback !== null && typeof callback !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  }
  if (callback !== null && capture !== null) {
    throw new codes.ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  }
  capture = callback;
}

/** As in Node's Workers, it can be asked for and not be set: it is the whole process's. */
function umask(mask) {
  if (mask !== undefined) {
    library('internal/validators').parseFileMode(mask, 'mask');
    throw notSupported('process.umask(mask)', ": it is the whole worker's");
  }
  return facts.fileModeMask();
}

function setSourceMapsEnabled(value) {
  library('internal/validators').validateBoolean(value, 'enabled');
  if (value) {
    throw notSupported('process.setSourceMapsEnabled(true)');
  }
}

/** The ids of the groups that the process belongs to. */
const getgroups = () => Array.from(facts.groups());

exports.members = {
  ...Object.fromEntries(
    ['cpuUsage', 'resourceUsage', 'kill', 'loadEnvFile'].map((name) => [
      name,
      forward(name, wrapped),
    ]),
  ),
  ref: forward('ref', perThread),
  unref: forward('unref', perThread),
  setUncaughtExceptionCaptureCallback,
  hasUncaughtExceptionCaptureCallback: () => capture !== null,
  umask,
  getgroups,
  setSourceMapsEnabled,
  sourceMapsEnabled: false,
  getActiveResourcesInfo: () => require('timers').activeKinds(),
  _getActiveHandles: () => [],
  _getActiveRequests: () => [],
  _kill(pid, signal) {
    if (signal !== 0) {
      throw codedError(
        'ERR_NOT_SUPPORTED',
        'ERR_NOT_SUPPORTED: process.kill() is not allowed in an nginx worker: signals belong to nginx',
      );
    }
    return facts.isAlive(pid) ? 0 : require('bindings/uv').UV_ESRCH;
  },
};

/** Values that are made when they are first asked for. */
exports.lazy = {
  allowedNodeEnvironmentFlags: () => perThread().buildAllowedFlags(),
  assert: () =>
    library('internal/util').deprecate(
      perThread().assert,
      'process.assert() is deprecated. Please use the `assert` module instead.',
      'DEP0100',
    ),
  finalization: () => library('internal/process/finalization').createFinalization(),
};
