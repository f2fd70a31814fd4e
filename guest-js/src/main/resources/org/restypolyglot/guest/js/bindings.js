/** Node's `internalBinding(name)`: what its library asks of C++ there, and of us here. */
'use strict';

const SOURCES = {
  async_context_frame: () => require('bindings/async').async_context_frame,
  async_wrap: () => require('bindings/async').async_wrap,
  blob: () => require('bindings/blob'),
  buffer: () => require('bindings/buffer'),
  config: () => ({ hasIntl: true, hasInspector: false, hasTracing: false, hasOpenSSL: false }),
  constants: () => require('node-constants').constants,
  crypto: () => require('bindings/crypto'),
  credentials: () => require('bindings/os').credentials,
  encoding_binding: () => require('bindings/text').encoding_binding,
  errors: () => require('bindings/errors'),
  fetch: () => require('bindings/fetch'),
  icu: () => require('bindings/text').icu,
  messaging: () => require('bindings/messaging'),
  options: () => require('bindings/options'),
  os: () => require('bindings/os').os,
  performance: () => require('bindings/performance'),
  stream_wrap: () => ({
    WriteWrap: class WriteWrap {},
    ShutdownWrap: class ShutdownWrap {},
    kReadBytesOrError: 0,
    kLastWriteWasAsync: 1,
    streamBaseState: new Int32Array(2),
  }),
  string_decoder: () => require('bindings/string-decoder'),
  symbols: () => require('bindings/symbols').symbols,
  task_queue: () => require('bindings/async').task_queue,
  timers: () => require('bindings/async').timers,
  trace_events: () => ({
    getCategoryEnabledBuffer: () => new Uint8Array(1),
    isTraceCategoryEnabled: () => false,
    trace() {},
  }),
  types: () => require('bindings/types'),
  url: () => require('bindings/url'),
  util: () => require('bindings/util'),
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
