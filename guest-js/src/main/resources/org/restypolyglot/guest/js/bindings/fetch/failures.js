/** The errors that undici has in Node for what Java says went wrong. */
'use strict';

const library = (id) => require('node').requireNode(id);

/**
 * @param {object} errors undici's
 * @param {{code: string, message: string, hostname: string, port: number}} failure see FetchFailure
 */
exports.failureOf = (errors, { code, message, hostname, port }) => {
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new errors.ConnectTimeoutError(
        `Connect Timeout Error (attempted address: ${hostname}:${port}, timeout: 10000ms)`,
      );
    case 'UND_ERR_SOCKET':
      return Object.assign(new errors.SocketError('other side closed'), { detail: message });
    case 'UND_ERR_INVALID_ARG':
      return new errors.InvalidArgumentError(message);
    case 'ENOTFOUND':
      return notFound(hostname);
    default:
      return code.startsWith('HPE_')
        ? new errors.HTTPParserError(message, code.slice('HPE_'.length))
        : systemError(code, message, hostname, port);
  }
};

function notFound(hostname) {
  const { DNSException } = library('internal/errors');
  return new DNSException(require('bindings/uv').UV_EAI_NONAME, 'getaddrinfo', hostname);
}

/** OpenSSL's in Node, of the same code. */
function tlsError(code, message) {
  const reason = code
    .replace(/^ERR_SSL_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
  return Object.assign(new Error(`SSL routines: ${reason}: ${message}`), {
    library: 'SSL routines',
    reason,
    code,
  });
}

function systemError(code, message, address, port) {
  const { ErrnoException, ExceptionWithHostPort } = library('internal/errors');
  const number = require('bindings/uv')[`UV_${code}`];
  if (number === undefined) {
    return code.startsWith('ERR_SSL_')
      ? tlsError(code, message)
      : Object.assign(new Error(message), { code });
  }
  switch (code) {
    case 'ECONNRESET':
      return new ErrnoException(number, 'read');
    case 'EPIPE':
      return new ErrnoException(number, 'write');
    case 'EPROTO':
      return new ErrnoException(number, 'write', message);
    default:
      return new ExceptionWithHostPort(number, 'connect', address, port);
  }
}
