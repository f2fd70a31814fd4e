/** The handles behind fs.watch and fs.watchFile. */
'use strict';

const { watches } = host;
const loop = require('loop');
const { pathOf, wantsBytes, nameIn } = require('bindings/fs-names');
const { FSReqCallback, isFailure } = require('bindings/fs-requests');

/** What keeps a Worker alive while it is referenced and active. */
class Handle {
  #active = false;
  #referenced = true;
  #held = false;

  #update() {
    const holds = this.#active && this.#referenced;
    if (holds !== this.#held) {
      this.#held = holds;
      (holds ? loop.hold : loop.release)();
    }
  }

  _setActive(active) {
    this.#active = active;
    this.#update();
  }

  ref() {
    this.#referenced = true;
    this.#update();
  }

  unref() {
    this.#referenced = false;
    this.#update();
  }

  hasRef() {
    return this.#referenced;
  }

  getAsyncId() {
    return 0;
  }
}

/** Of fs.watch: inotify. Calls `onchange(status, eventType, filename)`. */
class FSEvent extends Handle {
  #events;

  get initialized() {
    return this.#events !== undefined;
  }

  /** Returns 0, or the negative number of an error. */
  start(path, persistent, recursive, encoding) {
    const events = watches.watch(
      pathOf(path),
      wantsBytes(encoding),
      loop.callback(() => this.#tell(encoding)),
    );
    if (isFailure(events)) {
      return events;
    }
    this.#events = events;
    if (!persistent) {
      this.unref();
    }
    this._setActive(true);
    return 0;
  }

  #tell(encoding) {
    if (this.#events === undefined) {
      return; // closed meanwhile
    }
    const event = this.#events.next();
    const end = event.indexOf('/');
    this.onchange(0, event.slice(0, end), nameIn(event.slice(end + 1), encoding));
  }

  close() {
    this.#events?.close();
    this.#events = undefined;
    this._setActive(false);
  }
}

const FIELDS = 18;
const STATUS = {
  dev: 0,
  mode: 1,
  uid: 3,
  gid: 4,
  ino: 7,
  size: 8,
  mtime: 12,
  mtimeNanos: 13,
  ctime: 14,
  ctimeNanos: 15,
  birthtime: 16,
  birthtimeNanos: 17,
};
const COMPARED = Object.values(STATUS);

/**
 * Of fs.watchFile: asks again and again. Calls `onchange(status, stats)`, with the fields of now and
 * those of before in one array.
 */
class StatWatcher extends Handle {
  #bigint;
  #timer;
  #closed = false;
  #before;
  #lastError = 0;

  constructor(bigint) {
    super();
    this.#bigint = bigint === true;
  }

  #zeros() {
    return this.#bigint ? new BigInt64Array(FIELDS) : new Float64Array(FIELDS);
  }

  start(path, interval) {
    this._setActive(true);
    const poll = () => {
      const began = Date.now();
      const req = new FSReqCallback(this.#bigint);
      req.oncomplete = (error, stats) => {
        if (this.#closed) {
          return;
        }
        const every = Math.max(interval, 1);
        const { setUnrefTimeout } = require('timers').internal;
        this.#timer = setUnrefTimeout(poll, every - ((Date.now() - began) % every));
        this.#compare(error, stats);
      };
      require('bindings/fs').stat(path, this.#bigint, req);
    };
    poll();
    return 0;
  }

  #compare(error, stats) {
    if (error) {
      if (this.#lastError !== error.errno) {
        this.#lastError = error.errno;
        this.#tell(error.errno, this.#zeros(), this.#before ?? this.#zeros());
      }
      return;
    }
    const before = this.#before;
    const hasFailed = this.#lastError !== 0;
    this.#before = stats;
    this.#lastError = 0;
    if (hasFailed || (before !== undefined && COMPARED.some((i) => before[i] !== stats[i]))) {
      this.#tell(0, stats, before ?? this.#zeros());
    }
  }

  #tell(status, now, before) {
    const both = this.#bigint ? new BigInt64Array(2 * FIELDS) : new Float64Array(2 * FIELDS);
    both.set(now);
    both.set(before, FIELDS);
    this.onchange(status, both);
  }

  close() {
    this.#closed = true;
    if (this.#timer !== undefined) {
      require('timers').api.clearTimeout(this.#timer);
    }
    this._setActive(false);
  }
}

exports.FSEvent = FSEvent;
exports.StatWatcher = StatWatcher;
