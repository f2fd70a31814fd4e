/** Node's stream_wrap: what TCP sockets, pipes and TLS have in common, over a SocketHandle of Java's. */
'use strict';

const { sockets } = host;
const loop = require('loop');
const bytes = require('intrinsics');
const { symbols } = require('bindings/symbols');
const { async_wrap } = require('bindings/async');

const kReadBytesOrError = 0;
const kArrayBufferOffset = 1;
const kBytesWritten = 2;
const kLastWriteWasAsync = 3;

const streamBaseState = new Int32Array(5);

const newAsyncId = () => ++async_wrap.async_id_fields[async_wrap.constants.kAsyncIdCounter];

/** What is common to all handles and requests. */
class AsyncWrap {
  #id = newAsyncId();

  getAsyncId() {
    return this.#id;
  }

  getProviderType() {
    return 0;
  }

  asyncReset() {
    this.#id = newAsyncId();
  }
}

class WriteWrap extends AsyncWrap {}
class ShutdownWrap extends AsyncWrap {}

/** What the handles of one socket have in common: TCP, and TLS on top of it. */
class Life {
  closed = false;
  #ended = false;
  #whenEnded;
  #requests = 0;
  #reading = 0;
  #refed = true;
  #held = false;

  /** A request begins (1) or ends (-1). As in libuv it keeps a Worker alive, referenced or not. */
  countRequest(change) {
    this.#requests += change;
    this.#update();
  }

  /** Reading begins (1) or ends (-1), which keeps a Worker alive if the socket is referenced. */
  countReading(change) {
    this.#reading += change;
    this.#update();
  }

  set refed(value) {
    this.#refed = value;
    this.#update();
  }

  get refed() {
    return this.#refed;
  }

  /** The end of what comes in has been told. */
  end() {
    this.#ended = true;
    this.#whenEnded?.();
  }

  whenEnded(callback) {
    this.#whenEnded = callback;
    if (this.#ended) {
      callback();
    }
  }

  #update() {
    const holds = this.#requests > 0 || (this.#refed && this.#reading > 0);
    if (holds !== this.#held) {
      this.#held = holds;
      if (holds) {
        loop.hold();
      } else {
        loop.release();
      }
    }
  }
}

/** Which Java object a handle stands on. */
let socketOf;

class LibuvStreamWrap extends AsyncWrap {
  #socket;
  #userBuffer = null;
  #reads = false;
  #life;
  #writes = new Set();
  bytesRead = 0;
  bytesWritten = 0;
  isStreamBase = true;
  fd = -1;

  static {
    socketOf = (handle) => handle.#socket;
  }

  /** @param {LibuvStreamWrap} [under] the handle whose socket this one has, TLS on top of it */
  constructor(under) {
    super();
    this.#socket = under?.#socket ?? sockets.open(loop.callback(() => this.#readable()));
    this.#life = under?.#life ?? new Life();
  }

  /** From now on this handle gets what the socket has, and none of those below. */
  takeReads() {
    this.#socket.readWith(loop.callback(() => this.#readable()));
  }

  /** Calls `callback` when the end of what comes in has been told. */
  whenEnded(callback) {
    this.#life.whenEnded(callback);
  }

  get _externalStream() {
    return this;
  }

  get writeQueueSize() {
    return this.#closed ? 0 : this.#socket.queued();
  }

  // ---- reading ---------------------------------------------------------------------------------

  readStart() {
    if (this.#closed) {
      return -9; // EBADF
    }
    this.#setReads(true);
    return this.#socket.readStart();
  }

  readStop() {
    this.#setReads(false);
    if (!this.#closed) {
      this.#socket.readStop();
    }
    return 0;
  }

  useUserBuffer(buffer) {
    this.#userBuffer = buffer;
  }

  #readable() {
    while (this.#reads && !this.#closed) {
      const taken = this.#socket.take();
      if (taken === null) {
        return;
      }
      if (typeof taken === 'number') {
        this.#setReads(false);
        this.#deliver(taken, undefined);
        this.#life.end();
      } else {
        this.#received(bytes.copyIn(taken));
      }
    }
  }

  #received(buffer) {
    this.bytesRead += buffer.byteLength;
    if (this.#userBuffer === null) {
      this.#deliver(buffer.byteLength, buffer);
      return;
    }
    let rest = new Uint8Array(buffer);
    // A reader that stops here gets the rest all the same, as it is in no queue any more.
    while (rest.length > 0 && !this.#closed) {
      const target = this.#userBuffer;
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      const next = this.#deliver(count, undefined);
      if (next !== undefined) {
        this.#userBuffer = next;
      }
      if (count === 0) {
        return;
      }
    }
  }

  #deliver(count, buffer) {
    streamBaseState[kReadBytesOrError] = count;
    streamBaseState[kArrayBufferOffset] = 0;
    return this.onread?.(buffer);
  }

  // ---- writing ---------------------------------------------------------------------------------

  writeBuffer(req, buffer) {
    this.#stage(buffer);
    return this.#send(req, buffer.byteLength);
  }

  writev(req, chunks, allBuffers) {
    let length = 0;
    for (let i = 0; i < chunks.length; i += allBuffers ? 1 : 2) {
      const chunk = chunks[i];
      const piece = typeof chunk === 'string' ? encode(chunk, chunks[i + 1]) : chunk;
      this.#stage(piece);
      length += piece.byteLength;
    }
    return this.#send(req, length);
  }

  writeAsciiString(req, text) {
    return this.writeBuffer(req, encode(text, 'latin1'));
  }

  writeLatin1String(req, text) {
    return this.writeBuffer(req, encode(text, 'latin1'));
  }

  writeUtf8String(req, text) {
    return this.writeBuffer(req, encode(text, 'utf8'));
  }

  writeUcs2String(req, text) {
    return this.writeBuffer(req, encode(text, 'ucs2'));
  }

  #stage(view) {
    this.#socket.stage(view.buffer, view.byteOffset, view.byteLength);
  }

  #send(req, length) {
    streamBaseState[kBytesWritten] = length;
    streamBaseState[kLastWriteWasAsync] = 1;
    const done = (code) => {
      if (this.#writes.delete(req)) {
        req.oncomplete?.(code, this);
      }
    };
    const status = this.#socket.send(this.request(done));
    if (status === 0) {
      this.#writes.add(req);
      this.bytesWritten += length;
    } else {
      this.#life.countRequest(-1);
    }
    return status;
  }

  /** Tells the writes that are not complete that they are; returns whether there was one. */
  settleWrites(status, text) {
    const all = [...this.#writes];
    this.#writes.clear();
    for (const req of all) {
      if (text !== undefined) {
        req.error = text;
      }
      req.oncomplete?.(status, this);
    }
    return all.length > 0;
  }

  shutdown(req) {
    const status = this.#socket.shutdown(this.request((code) => req.oncomplete?.(code, this)));
    if (status !== 0) {
      this.#life.countRequest(-1);
    }
    return status;
  }

  // ---- the handle ------------------------------------------------------------------------------

  /** A callback of Java's that is called once; the handle is at work until then. */
  request(callback) {
    this.#life.countRequest(1);
    const framed = loop.callback(callback);
    return (...args) => {
      try {
        framed(...args);
      } finally {
        this.#life.countRequest(-1);
      }
    };
  }

  /** A request could not begin. */
  refused() {
    this.#life.countRequest(-1);
  }

  #setReads(reads) {
    if (this.#reads !== reads) {
      this.#reads = reads;
      this.#life.countReading(reads ? 1 : -1);
    }
  }

  get #closed() {
    return this.#life.closed;
  }

  get closed() {
    return this.#life.closed;
  }

  ref() {
    this.#life.refed = true;
  }

  unref() {
    this.#life.refed = false;
  }

  hasRef() {
    return this.#life.refed && !this.#closed;
  }

  close(callback) {
    this.#end((done) => this.#socket.close(done), callback);
  }

  /** Ends with a reset; the other side sees ECONNRESET. */
  reset(callback) {
    if (!this.#closed) {
      this.#end((done) => this.#socket.reset(done), callback);
    }
    return 0;
  }

  #end(close, callback) {
    if (this.#closed) {
      return;
    }
    this.#life.closed = true;
    this.#setReads(false);
    if (typeof callback === 'function') {
      this[symbols.handle_onclose] = callback;
    }
    close(this.request(() => this[symbols.handle_onclose]?.()));
  }

  setBlocking() {
    return 0;
  }
}

const ENCODINGS = {
  latin1: 'LATIN_1',
  binary: 'LATIN_1',
  ascii: 'LATIN_1',
  ucs2: 'UTF_16',
  'ucs-2': 'UTF_16',
  utf16le: 'UTF_16',
  'utf-16le': 'UTF_16',
  hex: 'HEX',
  base64: 'BASE_64',
  base64url: 'BASE_64_URL',
};

function encode(text, encoding) {
  const name = ENCODINGS[String(encoding).toLowerCase()] ?? 'UTF_8';
  return new Uint8Array(bytes.encode(text, name));
}

/** Puts the parts of an address into Node's `out`; ENOTCONN where there is none. */
exports.fill = (out, address) => {
  if (address === null) {
    return -107;
  }
  [out.address, out.port, out.family] = address;
  return 0;
};

exports.encode = encode;
exports.AsyncWrap = AsyncWrap;
exports.LibuvStreamWrap = LibuvStreamWrap;

/** The SocketHandle of Java's behind a handle; undefined for what is none. */
exports.socketOf = (handle) => (handle instanceof LibuvStreamWrap ? socketOf(handle) : undefined);

exports.stream_wrap = {
  LibuvStreamWrap,
  WriteWrap,
  ShutdownWrap,
  kReadBytesOrError,
  kArrayBufferOffset,
  kBytesWritten,
  kLastWriteWasAsync,
  streamBaseState,
};
