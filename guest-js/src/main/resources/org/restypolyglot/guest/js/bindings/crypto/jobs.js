/** What Node's C++ does now or on its thread pool: `run` gives `[error, result]`, or calls `ondone`. */
'use strict';

const loop = require('loop');
const { cryptoConstants } = require('node-constants');
const { fromHost } = require('bindings/crypto/bytes');

class Job {
  #isAsync;

  constructor(mode) {
    this.#isAsync = mode === cryptoConstants.kCryptoJobAsync;
  }

  /** A job of Java's gives null for `done` to be called later, others do not take it. */
  compute() {
    throw new Error('a job has nothing to do');
  }

  run() {
    if (this.#isAsync) {
      this.#runLater();
      return undefined;
    }
    try {
      return [undefined, this.compute(null)];
    } catch (error) {
      return [error, undefined];
    }
  }

  #runLater() {
    let isLate = false; // Java calls
    const done = loop.request((problem, result) => {
      if (problem === null) {
        this.ondone(undefined, isLate ? fromHost(result).buffer : result);
      } else {
        this.ondone(typeof problem === 'string' ? new Error(problem) : problem, undefined);
      }
    });
    let result;
    try {
      result = this.compute(done);
    } catch (error) {
      require('timers').api.setImmediate(done, error, undefined);
      return;
    }
    isLate = result === null;
    if (!isLate) {
      require('timers').api.setImmediate(done, null, result);
    }
  }
}

/** What Java has computed, or null where it does so later. */
exports.resultOf = (hostBuffer) => (hostBuffer === null ? null : fromHost(hostBuffer).buffer);

exports.Job = Job;
