/** What the head of a message of HTTP/1 decides: where its body ends, and what comes behind it. */
'use strict';

const syntax = require('bindings/http-syntax');

const { LENIENT, fail } = syntax;

const methodOfConnect = syntax.ALL_METHODS.indexOf('CONNECT');

class Framing {
  contentLength = undefined;
  hasTransferEncoding = false;
  isChunked = false;
  close = false;
  keepAlive = false;
  connectionUpgrade = false;
  upgrade = false;
  /** What the start line says. */
  startLine = undefined;
  /** The library wants no body, whatever the headers say: of a response to HEAD, say. */
  skipsBody = false;

  constructor(isRequest) {
    this.isRequest = isRequest;
  }

  add(name, value, flags) {
    switch (name.toLowerCase()) {
      case 'content-length':
        this.#setLength(value, flags);
        break;
      case 'transfer-encoding':
        if (this.contentLength !== undefined && !(flags & LENIENT.CHUNKED_LENGTH)) {
          fail(
            'HPE_INVALID_TRANSFER_ENCODING',
            "Transfer-Encoding can't be present with Content-Length",
          );
        }
        if (this.isRequest && /(?:^|,)[ \t]*chunked[ \t]*,/i.test(value)) {
          fail('HPE_INVALID_TRANSFER_ENCODING', 'Invalid `Transfer-Encoding` header value', 8);
        }
        this.hasTransferEncoding = true;
        this.isChunked = /(?:^|,)[ \t]*chunked$/i.test(value);
        break;
      case 'connection':
      case 'proxy-connection':
        for (const token of value.toLowerCase().split(/[ \t]*,[ \t]*/)) {
          this.close ||= token === 'close';
          this.keepAlive ||= token === 'keep-alive';
          this.connectionUpgrade ||= token === 'upgrade';
        }
        break;
      case 'upgrade':
        this.upgrade = true;
    }
  }

  #setLength(value, flags) {
    if (this.hasTransferEncoding && !(flags & LENIENT.CHUNKED_LENGTH)) {
      fail('HPE_INVALID_CONTENT_LENGTH', "Content-Length can't be present with Transfer-Encoding");
    }
    if (this.contentLength !== undefined) {
      fail('HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length');
    }
    this.contentLength = syntax.parseContentLength(value);
  }

  // ---- what comes of it ------------------------------------------------------------------------

  get isConnect() {
    return this.startLine.method === methodOfConnect;
  }

  /** Another protocol follows, if the library does not say otherwise. */
  get isUpgrade() {
    return this.upgrade && this.connectionUpgrade
      ? this.isRequest || this.startLine.statusCode === 101
      : this.isRequest && this.isConnect;
  }

  /** A response that has none, whatever its headers say. */
  get isWithoutBody() {
    const { statusCode } = this.startLine;
    return Math.trunc(statusCode / 100) === 1 || statusCode === 204 || statusCode === 304;
  }

  /** Only the end of the connection ends the body. */
  get needsEof() {
    if (this.isRequest || this.skipsBody || this.isWithoutBody) {
      return false;
    }
    return !this.isChunked && (this.hasTransferEncoding || this.contentLength === undefined);
  }

  get keepsAlive() {
    const { major, minor } = this.startLine;
    return (major > 0 && minor > 0 ? !this.close : this.keepAlive) && !this.needsEof;
  }
}

exports.Framing = Framing;
