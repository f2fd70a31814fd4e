/** What runs as soon as what waits already has run. */
'use strict';

const { timers: clock } = host;
const loop = require('loop');
const turns = require('turns');
const { FRAME, ID, REFERENCED, init } = require('timeouts');

/** What has not run, by id. */
const waiting = new Map();

class Immediate {
  /** Waits from now on. */
  constructor(callback, args) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[REFERENCED] = true;
    init(this);
    waiting.set(this[ID], this);
    loop.hold();
    clock.startImmediate(this[ID]);
  }

  ref() {
    refer(this, true);
    return this;
  }

  unref() {
    refer(this, false);
    return this;
  }

  hasRef() {
    return Boolean(this[REFERENCED]);
  }
}

/** Whether it keeps a Worker alive. */
function refer(immediate, referenced) {
  if (immediate[REFERENCED] === !referenced && waiting.has(immediate[ID])) {
    if (referenced) {
      loop.hold();
    } else {
      loop.release();
    }
  }
  immediate[REFERENCED] = referenced;
}

/** It does not wait any more. */
function end(immediate) {
  if (waiting.delete(immediate[ID]) && immediate[REFERENCED]) {
    loop.release();
  }
  immediate._destroyed = true;
  immediate[REFERENCED] = null;
}

exports.Immediate = Immediate;

exports.stopImmediate = (immediate) => {
  clock.stop(immediate[ID]);
  end(immediate);
  immediate._onImmediate = null;
};

/** The clock's. */
exports.fire = (id) => {
  const immediate = waiting.get(id);
  if (immediate === undefined) {
    return;
  }
  end(immediate);
  try {
    turns.runInFrame(immediate[FRAME], () => {
      const args = immediate._argv;
      if (args === undefined) {
        immediate._onImmediate();
      } else {
        Reflect.apply(immediate._onImmediate, immediate, args);
      }
    });
  } finally {
    immediate._onImmediate = null;
  }
};

exports.immediateKinds = () =>
  [...waiting.values()].filter((immediate) => immediate[REFERENCED]).map(() => 'Immediate');
