/** One request of undici's on its way: its body to Java, the response from Java to the handler. */
'use strict';

const { fetch: hostFetch } = host;
const loop = require('loop');
const { statusCodes } = require('node-constants');
const { failureOf } = require('bindings/fetch/failures');
const { Patience } = require('bindings/fetch/patience');

const UNKNOWN_LENGTH = -1;
const NO_BODY = -2;
const HEADERS_TIMEOUT_MILLIS = 300_000;
const BODY_TIMEOUT_MILLIS = 300_000;

/** Methods whose empty body is said: "content-length: 0". */
const EXPECTS_PAYLOAD = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

class Exchange {
  #undici;
  #origin;
  #request;
  #ended;
  #java;
  #isOver = false;
  #isBodySent = false;
  #hasRoom;
  #patience;

  /** `ended` is called once, whatever comes. */
  constructor(undici, origin, request, ended) {
    this.#undici = undici;
    this.#origin = origin;
    this.#request = request;
    this.#ended = ended;
  }

  start() {
    const { NotSupportedError } = this.#undici.errors;
    const request = this.#request;
    loop.hold();
    try {
      request.onConnect((error) => this.abort(error));
      if (this.#isOver) {
        return;
      }
      if (request.upgrade || request.method === 'CONNECT') {
        throw new NotSupportedError(`${request.upgrade ? 'upgrade' : 'CONNECT'} is not supported`);
      }
      this.#send(this.#body());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is to be sent: `{ parts, length }`, and a header that goes with it. */
  #body() {
    const { util, extractBody, errors } = this.#undici;
    const request = this.#request;
    let { body } = request;
    let length = null;
    if (util.isFormDataLike(body)) {
      const [{ stream, length: known }, contentType] = extractBody(body);
      if (request.contentType === null) {
        request.headers.push('content-type', contentType);
      }
      body = stream;
      length = known;
    } else if (util.isBlobLike(body)) {
      if (request.contentType === null && body.type) {
        request.headers.push('content-type', body.type);
      }
      length = body.size;
      body = body.stream();
    }
    length = util.bodyLength(body) ?? length ?? request.contentLength;
    if (body === null || length === 0) {
      const says = EXPECTS_PAYLOAD.has(request.method);
      return { parts: undefined, length: says ? 0 : NO_BODY };
    }
    if (request.contentLength !== null && request.contentLength !== length) {
      throw new errors.RequestContentLengthMismatchError();
    }
    return { parts: util.isBuffer(body) ? [body] : body, length: length ?? UNKNOWN_LENGTH };
  }

  #send({ parts, length }) {
    const { NotSupportedError } = this.#undici.errors;
    const request = this.#request;
    const url = /^https?:/.test(request.path) ? request.path : this.#origin + request.path;
    const { NODE_TLS_REJECT_UNAUTHORIZED: rejects } = require('process').process.env;
    const { headersTimeout } = request;
    const lines = linesOf(request);
    if (/[^\0-\x7f]/.test(lines)) {
      const [, name] = /^(.*)\n.*[^\0-\x7f]/m.exec(lines);
      throw new NotSupportedError(`characters beyond ASCII in the header ${name}`);
    }
    this.#java = hostFetch.open(
      request.method,
      url,
      lines,
      length,
      rejects === '0',
      loop.callback((event, ...args) => this.#isOver || this[event](...args)),
    );
    this.#patience = new Patience(() => this.#expire());
    this.#java.start();
    if (parts === undefined) {
      this.#bodySent(headersTimeout);
    } else {
      void this.#sendBody(parts, length, headersTimeout);
    }
  }

  async #sendBody(parts, length, headersTimeout) {
    const { RequestContentLengthMismatchError } = this.#undici.errors;
    let sent = 0;
    try {
      for await (const part of parts) {
        if (this.#isOver) {
          return;
        }
        const bytes = typeof part === 'string' ? globalThis.Buffer.from(part) : part;
        sent += bytes.byteLength;
        if (length !== UNKNOWN_LENGTH && sent > length) {
          this.abort(new RequestContentLengthMismatchError()); // before the body is closed, which may wait
          return;
        }
        if (!this.#write(bytes)) {
          await new Promise((resolve) => {
            this.#hasRoom = resolve;
          });
        }
        this.#request.onBodySent(bytes);
      }
      if (!this.#isOver) {
        if (length !== UNKNOWN_LENGTH && sent !== length) {
          throw new RequestContentLengthMismatchError();
        }
        this.#java.endBody();
        this.#bodySent(headersTimeout);
      }
    } catch (error) {
      this.abort(error);
    }
  }

  /** Whether more may be written at once. */
  #write(bytes) {
    if (bytes.byteLength === 0) {
      return true;
    }
    return ArrayBuffer.isView(bytes)
      ? this.#java.write(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : this.#java.write(bytes, 0, bytes.byteLength);
  }

  #bodySent(headersTimeout) {
    this.#isBodySent = true;
    if (!this.#request.headersReceived) {
      this.#patience.wait(headersTimeout ?? HEADERS_TIMEOUT_MILLIS);
    }
    this.#request.onRequestSent();
  }

  #expire() {
    const { HeadersTimeoutError, BodyTimeoutError } = this.#undici.errors;
    this.#fail(this.#request.headersReceived ? new BodyTimeoutError() : new HeadersTimeoutError());
  }

  // ---- what Java tells ----

  drain() {
    this.#resumeBody();
  }

  headers(status, lines, isHttp2) {
    const request = this.#request;
    request.headersReceived = true;
    this.#patience.wait(request.bodyTimeout ?? BODY_TIMEOUT_MILLIS);
    const statusText = isHttp2 ? '' : (statusCodes[status] ?? '');
    const headers = lines.split('\n');
    headers.pop();
    request.onResponseStarted();
    if (this.#goesOn(request.onHeaders(status, headers, () => this.#resume(), statusText))) {
      this.#resume();
    }
  }

  data(hostBuffer) {
    this.#patience.seen();
    const bytes = require('bytes').fromHost(hostBuffer);
    if (this.#goesOn(this.#request.onData(bytes))) {
      this.#resume();
    }
  }

  end() {
    const request = this.#request;
    if (!this.#isBodySent) {
      // The server has answered and wants no more of the body.
      this.#java.close();
    }
    this.#finish();
    request.onComplete([]);
  }

  error(code, message, hostname, port) {
    this.#fail(failureOf(this.#undici.errors, { code, message, hostname, port }));
  }

  // ---- the rest ----

  #goesOn(answer) {
    return answer !== false && !this.#isOver;
  }

  #resume() {
    if (!this.#isOver) {
      this.#java.request();
    }
  }

  #resumeBody() {
    const resume = this.#hasRoom;
    this.#hasRoom = undefined;
    resume?.();
  }

  /** The caller wants no more of it. */
  abort(error) {
    const { RequestAbortedError } = this.#undici.errors;
    this.#fail(error ?? new RequestAbortedError());
  }

  #fail(error) {
    if (this.#isOver) {
      return;
    }
    this.#finish();
    this.#java?.close();
    const { util } = this.#undici;
    util.destroy(this.#request.body, error);
    this.#request.onError(error);
  }

  #finish() {
    this.#isOver = true;
    this.#patience?.end();
    this.#resumeBody();
    loop.release();
    this.#ended();
  }
}

exports.Exchange = Exchange;

/** The headers, name and value on a line of its own each. */
function linesOf({ headers, host: hostHeader, reset }) {
  const lines = [];
  for (let i = 0; i < headers.length; i += 2) {
    for (const value of [headers[i + 1]].flat()) {
      lines.push(headers[i], value);
    }
  }
  if (hostHeader !== null) {
    lines.push('host', hostHeader);
  }
  if (reset) {
    lines.push('connection', 'close');
  }
  return lines.map((line) => `${line}\n`).join('');
}
