/** The pings of a session of HTTP/2 that wait for their answers, which come in the same order. */
'use strict';

const { now } = require('bindings/performance');
const { call } = require('bindings/http2-state');

class Pings {
  #maxOutstanding;
  #outstanding = [];
  /** How long the last one took, in milliseconds. */
  roundTrip = 0;

  constructor({ maxOutstandingPings }) {
    this.#maxOutstanding = maxOutstandingPings;
  }

  get isFull() {
    return this.#outstanding.length >= this.#maxOutstanding;
  }

  send(codec, payload, callback) {
    const started = now();
    const data = payload ?? new Float64Array([started]);
    codec.ping(data.buffer, data.byteOffset, data.byteLength);
    this.#outstanding.push({ callback, started });
  }

  /** The oldest one is answered; false: there is none. */
  acknowledge(payload) {
    const ping = this.#outstanding.shift();
    if (ping === undefined) {
      return false;
    }
    this.roundTrip = now() - ping.started;
    ping.callback(true, this.roundTrip, payload);
    return true;
  }

  /** No answers come any more; those who wait hear so later, in `frame`. */
  cancel(frame) {
    if (this.#outstanding.length === 0) {
      return;
    }
    const pings = this.#outstanding.splice(0);
    require('timers').api.setImmediate(() => {
      for (const { callback, started } of pings) {
        call(frame, callback, undefined, false, now() - started);
      }
    });
  }
}

exports.Pings = Pings;
