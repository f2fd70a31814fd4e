/** The names of Node's own modules. */
'use strict';

const SCHEME = 'node:';

/** Names that mean Node's module with and without "node:" before them. */
const NAMES = new Set(
  [
    '_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server',
    '_tls_common _tls_wrap',
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

/** The name without "node:". */
exports.bareName = (specifier) =>
  specifier.startsWith(SCHEME) ? specifier.slice(SCHEME.length) : specifier;

/** Whether Node would take `specifier` for a module of its own. */
exports.isBuiltin = (specifier) =>
  specifier.startsWith(SCHEME)
    ? exports.isKnown(specifier.slice(SCHEME.length))
    : NAMES.has(specifier);

/** Whether Node has a module of this bare name. */
exports.isKnown = (name) => NAMES.has(name) || PREFIXED_NAMES.has(name);

/** Node's `module.builtinModules`. */
exports.names = [...NAMES];
