/** A histogram of integers for perf_hooks.createHistogram. */
'use strict';

exports.Histogram = class Histogram {
  #highest;
  #counts = new Map();
  #total = 0;
  #exceeds = 0;
  #last;

  constructor(lowest, highest = 2n ** 63n - 1n) {
    this.#highest = Number(highest);
  }

  record(value) {
    const number = Number(value);
    if (number > this.#highest) {
      this.#exceeds++;
      return;
    }
    this.#counts.set(number, (this.#counts.get(number) ?? 0) + 1);
    this.#total++;
  }

  recordDelta() {
    const now = Number(host.process.nanos());
    if (this.#last !== undefined) {
      this.record(now - this.#last);
    }
    this.#last = now;
  }

  add(other) {
    for (const [value, count] of other.#counts) {
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    }
    this.#total += other.#total;
    this.#exceeds += other.#exceeds;
  }

  reset() {
    this.#counts.clear();
    this.#total = 0;
    this.#exceeds = 0;
    this.#last = undefined;
  }

  #sorted() {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  count() {
    return this.#total;
  }

  exceeds() {
    return this.#exceeds;
  }

  /** As in Node, the largest number where there is nothing yet. */
  min() {
    return this.#total === 0 ? 2 ** 63 - 1 : this.#sorted()[0][0];
  }

  max() {
    return this.#total === 0 ? 0 : this.#sorted().at(-1)[0];
  }

  mean() {
    let sum = 0;
    for (const [value, count] of this.#counts) {
      sum += value * count;
    }
    return this.#total === 0 ? NaN : sum / this.#total;
  }

  stddev() {
    const mean = this.mean();
    let sum = 0;
    for (const [value, count] of this.#counts) {
      sum += (value - mean) ** 2 * count;
    }
    return this.#total === 0 ? NaN : Math.sqrt(sum / this.#total);
  }

  percentile(percent) {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#total));
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
    if (this.#total === 0) {
      map.set(100, 0);
      return;
    }
    for (let left = 100; left > 100 / (2 * this.#total); left /= 2) {
      map.set(100 - left, this.percentile(100 - left));
    }
    map.set(100, this.max());
  }

  countBigInt() {
    return BigInt(this.count());
  }

  minBigInt() {
    return this.#total === 0 ? 2n ** 63n - 1n : BigInt(this.min());
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
};
