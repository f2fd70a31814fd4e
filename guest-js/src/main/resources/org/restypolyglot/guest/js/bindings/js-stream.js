/**
 * Node's js_stream: a stream of JavaScript's own under TLS or HTTP/2. It is one end of a connection
 * inside of the process; what comes out of the other end goes to the stream, and the other way round.
 */
'use strict';

const { sockets } = host;
const loop = require('loop');
const { LibuvStreamWrap, stream_wrap, socketOf } = require('bindings/streams');
const { FastBuffer } = require('fast-buffer');

const { ShutdownWrap, WriteWrap } = stream_wrap;

/** What the stream may be ahead of us by. */
const MAX_QUEUED_BYTES = 256 * 1024;

/** Node's library sets onwrite, onshutdown, onreadstart, onreadstop, isClosing and close. */
class JSStream extends LibuvStreamWrap {
  #other = new LibuvStreamWrap();
  #close = (callback) => callback();
  #stopped = false;
  #gaveAll = false;
  #reader = null;
  #pending = null;
  #given = 0;
  #isTaking = false;
  #holds = false;

  constructor() {
    super();
    sockets.join(socketOf(this), socketOf(this.#other));
    this.unref(); // it is the stream that keeps a Worker alive, or not
    this.#other.unref();
    this.#other.onread = (buffer) => this.#forward(buffer);
    this.#other.readStart();
  }

  set close(callback) {
    this.#close = callback;
  }

  /** A stream that has closed as it should: what it gave is on its way still, and is read first. */
  get close() {
    return (callback) => {
      this.#pending = () => {
        this.#pending = null;
        super.close();
        this.#other.close();
        this.#update();
        this.#close(callback);
      };
      if (this.#gaveAll && this.#reader !== null) {
        this.whenEnded(() => this.#pending?.());
      } else {
        this.#pending();
      }
    };
  }

  /** TLS reads what there is. */
  readBy(reader) {
    this.#reader = reader;
  }

  /** Nobody reads any more. */
  abandon() {
    this.#reader = null;
    this.#pending?.();
  }

  /** The stream flows from the first reader on, as far as what it gave is taken. */
  readStart() {
    if (!this.#stopped) {
      this.onreadstart();
    }
    return super.readStart();
  }

  writeBuffer(req, buffer) {
    const status = super.writeBuffer(req, buffer);
    this.#update();
    return status;
  }

  writev(req, chunks, allBuffers) {
    const status = super.writev(req, chunks, allBuffers);
    this.#update();
    return status;
  }

  /** What is on its way to the stream keeps a Worker alive; the stream that takes it does not. */
  #update() {
    const holds = !this.closed && !this.#isTaking && this.bytesWritten > this.#given;
    if (holds !== this.#holds) {
      this.#holds = holds;
      if (holds) {
        loop.hold();
      } else {
        loop.release();
      }
    }
  }

  /** Gives the stream what was written to us; no more before it has taken that. */
  #forward(buffer) {
    if (buffer === undefined) {
      this.onshutdown(new ShutdownWrap());
      return;
    }
    this.#other.readStop();
    this.#given += buffer.byteLength;
    this.#isTaking = true;
    this.#update();
    this.onwrite(new WriteWrap(), [new FastBuffer(buffer)]);
  }

  finishWrite() {
    this.#isTaking = false;
    this.#update();
    if (!this.closed) {
      this.#other.readStart();
    }
  }

  finishShutdown() {}

  /** The stream has something for us. */
  readBuffer(buffer) {
    if (this.closed) {
      return;
    }
    const req = new WriteWrap();
    req.oncomplete = () => {
      if (this.#stopped && !this.closed && this.#other.writeQueueSize < MAX_QUEUED_BYTES) {
        this.#stopped = false;
        this.onreadstart();
      }
    };
    this.#other.writeBuffer(req, buffer);
    if (!this.#stopped && this.#other.writeQueueSize >= MAX_QUEUED_BYTES) {
      this.#stopped = true;
      this.onreadstop();
    }
  }

  emitEOF() {
    this.#gaveAll = true;
    if (!this.closed) {
      this.#other.shutdown(new ShutdownWrap());
    }
  }
}

exports.JSStream = JSStream;
