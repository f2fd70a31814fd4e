/** Node's `internalBinding(name)`: what its library asks of C++ there, and of us here. */
'use strict';

const SOURCES = {
  async_context_frame: () => require('bindings/async').async_context_frame,
  async_wrap: () => require('bindings/async').async_wrap,
  blob: () => require('bindings/blob'),
  block_list: () => require('bindings/block-list'),
  buffer: () => require('bindings/buffer'),
  cares_wrap: () => require('bindings/dns'),
  config: () => ({ hasIntl: true, hasInspector: false, hasTracing: false, hasOpenSSL: false }),
  constants: () => require('node-constants').constants,
  crypto: () => require('bindings/crypto'),
  credentials: () => require('bindings/os').credentials,
  encoding_binding: () => require('bindings/text').encoding_binding,
  errors: () => require('bindings/errors'),
  http2: () => require('bindings/http2'),
  http_parser: () => require('bindings/http-parser'),
  fs: () => require('bindings/fs'),
  fs_dir: () => require('bindings/fs-handles').folders,
  fs_event_wrap: () => require('bindings/fs-watch'),
  fetch: () => require('bindings/fetch'),
  icu: () => require('bindings/text').icu,
  js_stream: () => require('bindings/js-stream'),
  messaging: () => require('bindings/messaging'),
  options: () => require('bindings/options'),
  os: () => require('bindings/os').os,
  performance: () => require('bindings/performance'),
  process_methods: () => require('bindings/process-methods'),
  pipe_wrap: () => require('bindings/sockets').pipe_wrap,
  stream_wrap: () => require('bindings/streams').stream_wrap,
  // A server's way to send a file.
  stream_pipe: () => ({ StreamPipe: class StreamPipe {} }),
  string_decoder: () => require('bindings/string-decoder'),
  symbols: () => require('bindings/symbols').symbols,
  task_queue: () => require('bindings/async').task_queue,
  tcp_wrap: () => require('bindings/sockets').tcp_wrap,
  timers: () => require('bindings/async').timers,
  tls_wrap: () => require('bindings/tls'),
  trace_events: () => ({
    getCategoryEnabledBuffer: () => new Uint8Array(1),
    isTraceCategoryEnabled: () => false,
    trace() {},
  }),
  types: () => require('bindings/types'),
  url: () => require('bindings/url'),
  util: () => require('bindings/util'),
  worker: () => require('bindings/worker'),
  uv: () => require('bindings/uv'),
  zlib: () => require('bindings/zlib'),
};

const made = { __proto__: null };

exports.get = (name) => {
  let binding = made[name];
  if (binding === undefined) {
    if (!Object.hasOwn(SOURCES, name)) {
      throw new Error(
        `ERR_NOT_SUPPORTED: internalBinding('${name}') of Node is not supported here`,
      );
    }
    binding = SOURCES[name]();
    made[name] = binding;
  }
  return binding;
};

/** Where bindings that need a part of the library get it from. */
exports.useLibrary = (requireNode) => {
  exports.requireNode = requireNode;
};
