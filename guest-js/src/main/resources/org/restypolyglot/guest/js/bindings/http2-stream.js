/** The handle of a stream of HTTP/2: Node's StreamBase over a stream of a session. */
'use strict';

const turns = require('turns');
const codes = require('bindings/uv');
const { now } = require('bindings/performance');
const { AsyncWrap, encode, stream_wrap } = require('bindings/streams');
const { streamState } = require('bindings/http2-state');

const { streamBaseState, kReadBytesOrError, kArrayBufferOffset } = stream_wrap;
const { kBytesWritten, kLastWriteWasAsync } = stream_wrap;

const GET_TRAILERS = 2;
const EMPTY_PAYLOAD = 1;

/** Nobody gives a weight: Node says so with nghttp2's default. */
const WEIGHT = 16;

class Http2Stream extends AsyncWrap {
  #session;
  #id;
  #reading = false;
  #consumedWhilePaused = 0;
  #writable = true;
  #wantsTrailers;
  #ended;
  #writes = new Map();
  #lastWrite = 0;
  #unsentBytes = 0;
  /** AsyncLocalStorage's, of the one who made the request. */
  frame = turns.currentFrame();
  destroyed = false;
  closed = false;
  isStreamBase = true;
  fd = -1;
  bytesRead = 0;
  bytesWritten = 0;
  started = now();
  firstHeader = 0;
  firstByte = 0;
  firstByteSent = 0;

  /** @param {number} options those of Node's request(): without a body, with trailers */
  constructor(session, id, options = 0) {
    super();
    this.#session = session;
    this.#id = id;
    this.#ended = (options & EMPTY_PAYLOAD) !== 0;
    this.#wantsTrailers = (options & GET_TRAILERS) !== 0 && !this.#ended;
    this.#writable = !this.#ended;
  }

  id() {
    return this.#id;
  }

  get isEnded() {
    return this.#ended;
  }

  get unsentBytes() {
    return this.#unsentBytes;
  }

  // ---- reading ---------------------------------------------------------------------------------

  readStart() {
    this.#reading = true;
    const count = this.#consumedWhilePaused;
    this.#consumedWhilePaused = 0;
    if (count > 0) {
      this.#session.consumeData(this.#id, count);
    }
    return 0;
  }

  readStop() {
    this.#reading = false;
    return 0;
  }

  /** Data came. The library keeps it, at most as much as the stream's window. */
  receive(buffer) {
    const count = buffer.byteLength;
    this.firstByte ||= now();
    this.bytesRead += count;
    this.#deliver(count, buffer);
    if (this.#reading) {
      this.#session.consumeData(this.#id, count);
    } else {
      this.#consumedWhilePaused += count;
    }
  }

  /** No more data comes. */
  receiveEnd() {
    this.#deliver(codes.UV_EOF, undefined);
  }

  #deliver(count, buffer) {
    streamBaseState[kReadBytesOrError] = count;
    streamBaseState[kArrayBufferOffset] = 0;
    this.onread?.(buffer);
  }

  useUserBuffer() {}

  // ---- writing ---------------------------------------------------------------------------------

  writeBuffer(req, buffer) {
    return this.#write(req, [buffer]);
  }

  writev(req, chunks, allBuffers) {
    const views = [];
    for (let i = 0; i < chunks.length; i += allBuffers ? 1 : 2) {
      const chunk = chunks[i];
      views.push(typeof chunk === 'string' ? encode(chunk, chunks[i + 1]) : chunk);
    }
    return this.#write(req, views);
  }

  writeUtf8String(req, text) {
    return this.#write(req, [encode(text, 'utf8')]);
  }

  writeAsciiString(req, text) {
    return this.#write(req, [encode(text, 'latin1')]);
  }

  writeLatin1String(req, text) {
    return this.#write(req, [encode(text, 'latin1')]);
  }

  writeUcs2String(req, text) {
    return this.#write(req, [encode(text, 'ucs2')]);
  }

  #write(req, views) {
    if (!this.#writable || this.destroyed) {
      return codes.UV_EOF;
    }
    let length = 0;
    for (const view of views) {
      length += view.byteLength;
    }
    const number = ++this.#lastWrite;
    this.#writes.set(number, { req, left: views.length, length });
    this.#unsentBytes += length;
    for (const view of views) {
      this.#session.write(this.#id, number, view);
    }
    streamBaseState[kBytesWritten] = length;
    streamBaseState[kLastWriteWasAsync] = 1;
    this.bytesWritten += length;
    return 0;
  }

  /** A part of a write is in frames; returns its request, if it was the last part. */
  written(number) {
    const write = this.#writes.get(number);
    if (write === undefined || --write.left > 0) {
      return undefined;
    }
    this.firstByteSent ||= now();
    this.#writes.delete(number);
    this.#unsentBytes -= write.length;
    return write.req;
  }

  shutdown() {
    if (this.destroyed) {
      return codes.UV_EPIPE;
    }
    this.#writable = false;
    if (!this.#ended) {
      this.#session.endSoon(this);
    }
    return 1;
  }

  /** Ends the data if it is time to, which is when all of it is in frames, or hand over to trailers. */
  endIfDone() {
    if (this.#writable || this.#ended || this.destroyed) {
      return false;
    }
    if (!this.#wantsTrailers) {
      this.#ended = true;
      this.#session.end(this.#id);
      return false;
    }
    if (this.#writes.size > 0) {
      return false;
    }
    this.#ended = true;
    return true;
  }

  trailers([headers]) {
    this.#session.trailers(this.#id, headers);
    return 0;
  }

  // ---- the stream ------------------------------------------------------------------------------

  rstStream(code) {
    this.#session.reset(this.#id, code);
  }

  destroy() {
    if (this.destroyed) {
      return;
    }
    this.destroyed = true;
    this.#session.remove(this);
    if (this.#writes.size > 0) {
      require('timers').api.setImmediate(() => this.#cancelWrites());
    }
  }

  #cancelWrites() {
    for (const { req } of this.#writes.values()) {
      req.oncomplete?.(codes.UV_ECANCELED);
    }
    this.#writes.clear();
  }

  refreshState() {
    const [number, local, remote, window] = this.#session.streamState(this.#id);
    const isIdle = number === 1;
    streamState.set([number, isIdle ? 0 : WEIGHT, 0, local, remote, window]);
  }

  priority() {
    throw notForClients('priority');
  }

  respond() {
    throw notForClients('respond');
  }

  info() {
    throw notForClients('info');
  }

  pushPromise() {
    throw notForClients('pushPromise');
  }
}

const notForClients = (what) => require('failures').notSupported(`http2: ${what} of a stream`);

exports.Http2Stream = Http2Stream;
