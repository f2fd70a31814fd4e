/** How long a server may be silent. A timer is set anew only when it fires, not for each piece of data. */
'use strict';

const now = () => Date.now();

class Patience {
  #expired;
  #timer;
  #millis = 0;
  #since = 0;

  constructor(expired) {
    this.#expired = expired;
  }

  /** From now on the server has `millis` to say something; 0: it has all time. */
  wait(millis) {
    this.end();
    this.#millis = millis;
    this.#since = now();
    this.#start(millis);
  }

  /** It has said something. */
  seen() {
    this.#since = now();
  }

  end() {
    if (this.#timer !== undefined) {
      require('timers').api.clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  #start(millis) {
    if (millis > 0) {
      this.#timer = require('timers').api.setTimeout(() => this.#look(), millis);
      this.#timer.unref();
    }
  }

  #look() {
    this.#timer = undefined;
    const left = this.#since + this.#millis - now();
    if (left > 0) {
      this.#start(left);
    } else {
      this.#expired();
    }
  }
}

exports.Patience = Patience;
