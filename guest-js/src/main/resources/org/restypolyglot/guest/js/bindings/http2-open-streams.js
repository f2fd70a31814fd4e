/** The streams of a session of HTTP/2 that the library has not given up, and what waits for each. */
'use strict';

const { now } = require('bindings/performance');
const { call, callbacks } = require('bindings/http2-state');
const statistics = require('bindings/http2-statistics');

/** A guess of what a stream takes of the memory that a session may have. */
const STREAM_BYTES = 1000;

class OpenStreams {
  #maxMemory;
  #streams = new Map();
  #ending = new Set();
  #completed = [];
  /** How many there were, how many of them at once, and how long they lived, in milliseconds. */
  count = 0;
  most = 0;
  average = 0;

  constructor({ maxSessionMemory }) {
    this.#maxMemory = maxSessionMemory;
  }

  get(id) {
    return this.#streams.get(id);
  }

  add(stream) {
    this.#streams.set(stream.id(), stream);
    this.count++;
    this.most = Math.max(this.most, this.#streams.size);
    return stream;
  }

  remove(stream) {
    this.#ending.delete(stream);
    if (this.#streams.delete(stream.id())) {
      this.average = (now() - stream.started) / this.count;
      statistics.streamEnded(stream);
    }
  }

  /** Whether there is memory for one more. */
  hasRoom() {
    let used = this.#streams.size * STREAM_BYTES;
    for (const stream of this.#streams.values()) {
      used += stream.unsentBytes;
    }
    return used + STREAM_BYTES <= this.#maxMemory;
  }

  // ---- their ends ------------------------------------------------------------------------------

  /** The data of `stream` ends with what it has written. */
  endSoon(stream) {
    this.#ending.add(stream);
  }

  /** Ends the data of those for which it is time, or asks the library for their trailers. */
  endThoseDone() {
    for (const stream of this.#ending) {
      const ready = stream.endIfDone();
      if (stream.isEnded) {
        this.#ending.delete(stream);
      }
      if (ready) {
        call(stream.frame, callbacks.onStreamTrailers, stream);
      }
    }
  }

  // ---- their writes ----------------------------------------------------------------------------

  /** A part of a stream's write is in frames. */
  written(id, number) {
    const stream = this.#streams.get(id);
    const req = stream?.written(number);
    if (req !== undefined) {
      this.#completed.push({ req, frame: stream.frame });
    }
  }

  /** The frames are sent: tells the library of the writes that are in them as a whole. */
  completeWrites() {
    while (this.#completed.length > 0) {
      const { req, frame } = this.#completed.shift();
      call(frame, req.oncomplete, req, 0);
    }
  }
}

exports.OpenStreams = OpenStreams;
