/** Node's own modules: the few that are here, and by name those that are not. */
'use strict';

const { codedError } = require('failures');

/** Names that mean Node's module with and without "node:" before them. */
const NAMES = new Set(
  [
    'assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram',
    'diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector',
    'inspector/promises module net os path path/posix path/win32 perf_hooks process punycode',
    'querystring readline readline/promises repl stream stream/consumers stream/promises',
    'stream/web string_decoder sys timers timers/promises tls trace_events tty url util util/types',
    'v8 vm wasi worker_threads zlib',
  ].flatMap((line) => line.split(' ')),
);

/** Names that mean Node's module only with "node:" before them. */
const PREFIXED_NAMES = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

const AVAILABLE = {
  buffer: () => ({ Buffer: require('buffer').Buffer }),
  console: () => globalThis.console,
  module: () => require('module-api').Module,
  process: () => globalThis.process,
  timers: () => require('timers').api,
};

const SCHEME = 'node:';

/** Node's `builtinModules`. */
exports.names = () => [...NAMES];

/** Whether Node would take `specifier` for a module of its own. */
exports.isBuiltin = (specifier) => {
  const name = specifier.startsWith(SCHEME) ? specifier.slice(SCHEME.length) : specifier;
  return NAMES.has(name) || (name !== specifier && PREFIXED_NAMES.has(name));
};

exports.load = (specifier, filename) => {
  const name = specifier.startsWith(SCHEME) ? specifier.slice(SCHEME.length) : specifier;
  if (Object.hasOwn(AVAILABLE, name)) {
    return AVAILABLE[name]();
  }
  if (NAMES.has(name) || PREFIXED_NAMES.has(name)) {
    throw notSupported(`${SCHEME}${name}`, filename);
  }
  throw codedError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${specifier}`);
};

/** Names that other hosts of such handlers offer; asked for when no file of the name was found. */
exports.refuseKnown = (specifier, filename) => {
  if (specifier === 'resty_ffi') {
    throw notSupported('resty_ffi (handlers that poll for their tasks themselves)', filename);
  }
};

function notSupported(what, filename) {
  return codedError(
    'ERR_NOT_SUPPORTED',
    `ERR_NOT_SUPPORTED: ${what} is not supported here (required by ${filename})`,
  );
}
