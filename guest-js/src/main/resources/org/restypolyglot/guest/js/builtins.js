/** Node's own modules as a user's `require` finds them, and by name those that are not there. */
'use strict';

const { codedError, notSupported } = require('failures');
const { bareName, isBuiltin, isKnown, names } = require('builtin-names');

/** What is Node's own library as it is. */
const FROM_LIBRARY = new Set(
  [
    'assert assert/strict async_hooks buffer constants crypto diagnostics_channel events os path path/posix',
    'path/win32 perf_hooks punycode querystring readline readline/promises stream stream/consumers',
    'stream/promises stream/web string_decoder timers timers/promises url util util/types zlib',
  ].flatMap((line) => line.split(' ')),
);

const OURS = {
  console: () => globalThis.console,
  module: () => require('module-api').Module,
  process: () => require('process').process,
  sys: () => exports.load('util'),
};

/** Whether Node would take `specifier` for a module of its own. */
exports.isBuiltin = isBuiltin;

/** Node's `builtinModules`. */
exports.names = () => names;

exports.load = (specifier, filename) => {
  const name = bareName(specifier);
  if (Object.hasOwn(OURS, name)) {
    return OURS[name]();
  }
  if (FROM_LIBRARY.has(name)) {
    return require('node').requireNode(name);
  }
  if (isKnown(name)) {
    throw notSupported(`node:${name}`, ` (required by ${filename})`);
  }
  throw codedError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${specifier}`);
};

/** As `load`, but undefined for what is not there: Node's process.getBuiltinModule. */
exports.getBuiltinModule = (name) => {
  const bare = bareName(name);
  const here = Object.hasOwn(OURS, bare) || FROM_LIBRARY.has(bare);
  return here && isBuiltin(name) ? exports.load(name) : undefined;
};

/** Names that other hosts of such handlers offer; asked for when no file of the name was found. */
exports.refuseKnown = (specifier, filename) => {
  if (specifier === 'resty_ffi') {
    throw notSupported(
      'resty_ffi (handlers that poll for their tasks themselves)',
      ` (required by ${filename})`,
    );
  }
};
