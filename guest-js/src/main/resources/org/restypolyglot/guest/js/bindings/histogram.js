/** A histogram of integers for perf_hooks.createHistogram; its clones share what was recorded. */
'use strict';

const { messaging } = host;
const { CLONE, CLONEABLE, DESERIALIZE, MODE, infoOf, register } = require('messages');

const NAME = 'Histogram';

class Histogram {
  #highest;
  #shared = messaging.counts();
  #last;

  constructor(lowest, highest = 2n ** 63n - 1n) {
    this[MODE] = CLONEABLE;
    this.#highest = Number(highest);
  }

  [CLONE]() {
    return { data: [this.#highest, new Counts(this.#shared)], deserializeInfo: infoOf(NAME) };
  }

  [DESERIALIZE]([highest, counts]) {
    this.#highest = highest;
    this.#shared = counts.shared;
  }

  record(value) {
    const number = Number(value);
    if (number > this.#highest) {
      this.#shared.exceed();
      return;
    }
    this.#shared.record(number);
  }

  recordDelta() {
    const now = Number(host.process.nanos());
    if (this.#last !== undefined) {
      this.record(now - this.#last);
    }
    this.#last = now;
  }

  add(other) {
    this.#shared.add(other.#shared);
  }

  reset() {
    this.#shared.reset();
    this.#last = undefined;
  }

  #sorted() {
    const text = this.#shared.text();
    return text === '' ? [] : text.split(' ').map((entry) => entry.split('=').map(Number));
  }

  count() {
    return this.#shared.total();
  }

  exceeds() {
    return this.#shared.exceeds();
  }

  /** As in Node, the largest number where there is nothing yet. */
  min() {
    return this.count() === 0 ? 2 ** 63 - 1 : this.#sorted()[0][0];
  }

  max() {
    return this.count() === 0 ? 0 : this.#sorted().at(-1)[0];
  }

  mean() {
    let sum = 0;
    for (const [value, count] of this.#sorted()) {
      sum += value * count;
    }
    return this.count() === 0 ? NaN : sum / this.count();
  }

  stddev() {
    const mean = this.mean();
    let sum = 0;
    for (const [value, count] of this.#sorted()) {
      sum += (value - mean) ** 2 * count;
    }
    return this.count() === 0 ? NaN : Math.sqrt(sum / this.count());
  }

  percentile(percent) {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.count()));
    let seen = 0;
    for (const [value, count] of this.#sorted()) {
      seen += count;
      if (seen >= wanted) {
        return value;
      }
    }
    return 0;
  }

  /** Halves what is left, as HdrHistogram does with one tick for each half. */
  percentiles(map) {
    if (this.count() === 0) {
      map.set(100, 0);
      return;
    }
    for (let left = 100; left > 100 / (2 * this.count()); left /= 2) {
      map.set(100 - left, this.percentile(100 - left));
    }
    map.set(100, this.max());
  }

  countBigInt() {
    return BigInt(this.count());
  }

  minBigInt() {
    return this.count() === 0 ? 2n ** 63n - 1n : BigInt(this.min());
  }

  maxBigInt() {
    return BigInt(this.max());
  }

  exceedsBigInt() {
    return BigInt(this.exceeds());
  }

  percentileBigInt(percent) {
    return BigInt(this.percentile(percent));
  }

  percentilesBigInt(map) {
    const numbers = new Map();
    this.percentiles(numbers);
    for (const [percent, value] of numbers) {
      map.set(percent, BigInt(value));
    }
  }
}

/** Java's counts on their way. */
class Counts {
  shared;

  constructor(shared) {
    this[MODE] = CLONEABLE;
    this.shared = shared;
  }

  [CLONE]() {
    return { data: this.shared, deserializeInfo: infoOf(`${NAME}Counts`) };
  }

  [DESERIALIZE](shared) {
    this.shared = shared;
  }
}

register(NAME, () => new Histogram());
register(`${NAME}Counts`, () => new Counts());

exports.Histogram = Histogram;
