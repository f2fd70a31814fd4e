/** Bytes between JavaScript and Java, and the errors of Node's C++. */
'use strict';

const { fromHost } = require('bytes');

/** A buffer's parts, as Java takes them: `[buffer, offset, length]`. */
exports.parts = (data) =>
  ArrayBuffer.isView(data)
    ? [data.buffer, data.byteOffset, data.byteLength]
    : [data, 0, data.byteLength];

/** The bytes as an ArrayBuffer of their own. */
exports.whole = (data) => {
  const [buffer, offset, length] = exports.parts(data);
  return offset === 0 && length === buffer.byteLength
    ? buffer
    : new Uint8Array(new Uint8Array(buffer, offset, length)).buffer;
};

/** Text as bytes, as Node's C++ reads it. */
exports.bytesOf = (data, encoding) =>
  typeof data === 'string'
    ? globalThis.Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding)
    : data;

/** A Buffer, or text where there is an encoding. */
exports.encoded = (hostBuffer, encoding) => {
  const bytes = fromHost(hostBuffer);
  return encoding === undefined || encoding === '' || encoding === 'buffer'
    ? bytes
    : bytes.toString(encoding);
};

exports.fromHost = fromHost;

exports.failure = (Type, code, message) => Object.assign(new Type(message), { code });

exports.invalidDigest = (name) =>
  exports.failure(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${name}`);

/** OpenSSL's, as Node shows them. */
exports.openSslFailure = (number, reason) =>
  Object.assign(new Error(`error:${number}:Provider routines::${reason}`), {
    library: 'Provider routines',
    reason,
    code: `ERR_OSSL_${reason.toUpperCase().replaceAll(' ', '_')}`,
  });
