/** Node's own modules as a user's `require` finds them, and by name those that are not there. */
'use strict';

const { codedError, notSupported } = require('failures');
const { bareName, isBuiltin, isKnown, names } = require('builtin-names');

/** What is Node's own library as it is. */
const FROM_LIBRARY = new Set(
  [
    'assert assert/strict async_hooks buffer constants crypto diagnostics_channel events fs fs/promises os path path/posix',
    'dns dns/promises http http2 https net tls _tls_common _tls_wrap _http_agent _http_client _http_common _http_incoming _http_outgoing',
    '_http_server',
    'path/win32 perf_hooks punycode querystring readline readline/promises stream stream/consumers',
    'stream/promises stream/web string_decoder timers timers/promises url util util/types worker_threads zlib',
    'tty _stream_duplex _stream_passthrough _stream_readable _stream_transform _stream_writable',
    '_stream_wrap',
  ].flatMap((line) => line.split(' ')),
);

const OURS = {
  console: () => globalThis.console,
  module: () => require('module-api').Module,
  process: () => require('process').process,
  resty_ffi: () => require('resty-ffi').api,
  sys: () => exports.load('util'),
};

/** Whether `specifier` means a module of Node's own, or the one that lua-resty-ffi adds. */
exports.isBuiltin = (specifier) => specifier === 'resty_ffi' || isBuiltin(specifier);

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
