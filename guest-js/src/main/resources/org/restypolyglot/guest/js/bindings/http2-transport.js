/**
 * The socket under a session of HTTP/2: what it reads goes to the session; what the session sends, to
 * it, in one write at a time.
 */
'use strict';

const { stream_wrap } = require('bindings/streams');

const { WriteWrap, streamBaseState } = stream_wrap;
const { kReadBytesOrError, kArrayBufferOffset, kLastWriteWasAsync } = stream_wrap;

class Transport {
  #socket;
  #previous;
  #sent;
  #isPaused = false;
  #isEnding = false;
  isWriting = false;
  chunksSent = 0;
  bytesSent = 0;

  /**
   * What `socket` reads comes here from now on; its end and its errors go where they went.
   *
   * @param receive gets a buffer, and where in it what was read begins and how long it is
   * @param sent is called when a write has ended, well or not
   */
  constructor(socket, receive, sent) {
    this.#socket = socket;
    this.#previous = socket.onread;
    this.#sent = sent;
    socket.onread = (buffer) => {
      const count = streamBaseState[kReadBytesOrError];
      if (count < 0) {
        return this.#previous.call(socket, buffer);
      }
      if (count > 0) {
        receive(buffer, streamBaseState[kArrayBufferOffset], count);
      }
      return undefined;
    };
  }

  /** While no other write is on its way. */
  send(buffer) {
    this.isWriting = true;
    this.chunksSent++;
    this.bytesSent += buffer.length;
    const req = new WriteWrap();
    req.oncomplete = () => this.#ended();
    const status = this.#socket.writeBuffer(req, buffer);
    if (status !== 0 || !streamBaseState[kLastWriteWasAsync]) {
      this.#ended();
    } else if (!this.#isEnding && !this.#isPaused) {
      // Who does not take our answers does not get to ask more.
      this.#isPaused = true;
      this.#socket.readStop();
    }
  }

  #ended() {
    this.isWriting = false;
    this.#sent();
  }

  /** Reads again, if a write has stopped it. */
  resume() {
    if (this.#isPaused && !this.#isEnding) {
      this.#isPaused = false;
      this.#socket.readStart();
    }
  }

  // ---- the end ---------------------------------------------------------------------------------

  /** Reads no more; what is left can be sent. */
  end() {
    this.#isEnding = true;
    this.#socket.readStop();
  }

  /** The socket's reader is the one before again. */
  release() {
    this.#socket.onread = this.#previous;
  }

  get isReleased() {
    return this.#socket.onread === this.#previous;
  }

  /** All is sent: the end of the other side is to be noticed. */
  awaitEnd() {
    this.#socket.readStart();
  }
}

exports.Transport = Transport;
