/**
 * What waits for a time: Timeouts, and the objects that `timers.enroll` makes such. The properties are
 * Node's, as programs look at them and change them (`_repeat`, `_idleTimeout`, `_onTimeout`).
 */
'use strict';

const { timers: clock, process: facts } = host;
const loop = require('loop');
const { uncaught } = require('rejections');
const turns = require('turns');

const TIMEOUT_MAX = 2 ** 31 - 1;
const NANOS_PER_MILLI = 1e6;
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const REFERENCED = Symbol('refed');
const HAS_PRIMITIVE = Symbol('kHasPrimitive');
const ID = Symbol('asyncId');
const FRAME = Symbol('kAsyncContextFrame');

/** What is not destroyed, by id: it waits, or runs just now. */
const active = new Map();

const started = Number(facts.nanos());
let lastId = 0;

/** What is given an id that the clock knows; its frame is the one of now. */
function init(item) {
  item[ID] = ++lastId;
  item[FRAME] = turns.currentFrame();
}

class Timeout {
  constructor(callback, delay, args, repeats, referenced) {
    const millis = delay * 1;
    if (millis > TIMEOUT_MAX) {
      require('process').process.emitWarning(
        `${millis} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
        'TimeoutOverflowWarning',
      );
    }
    this._idleTimeout = millis >= 1 && millis <= TIMEOUT_MAX ? millis : 1;
    this._idlePrev = this;
    this._idleNext = this;
    this._idleStart = null;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = repeats ? this._idleTimeout : null;
    this._destroyed = false;
    this[REFERENCED] = referenced;
    this[HAS_PRIMITIVE] = false;
    init(this);
    active.set(this[ID], this);
    if (referenced) {
      loop.hold();
    }
  }

  /** Only one level, and not itself again. */
  [INSPECT](depth, options, inspect) {
    return inspect(this, { ...options, depth: 0, customInspect: false });
  }

  /** Starts the wait anew, also of one that has fired. */
  refresh() {
    restart(this, this[REFERENCED]);
    return this;
  }

  unref() {
    refer(this, false);
    return this;
  }

  ref() {
    refer(this, true);
    return this;
  }

  hasRef() {
    return this[REFERENCED];
  }

  [Symbol.toPrimitive]() {
    this[HAS_PRIMITIVE] = true;
    return this[ID];
  }
}

/** Whether it keeps a Worker alive. */
function refer(item, referenced) {
  if (item[REFERENCED] !== referenced && active.get(item[ID]) === item) {
    if (referenced) {
      loop.hold();
    } else {
      loop.release();
    }
  }
  item[REFERENCED] = referenced;
}

/** Waits from now on. */
function insert(item, msecs) {
  item._idleStart = Math.trunc((Number(facts.nanos()) - started) / NANOS_PER_MILLI);
  item._idleNext = item;
  item._idlePrev = item;
  clock.start(item[ID], Math.max(1, Math.trunc(msecs)));
}

/** Node's `active` and `_unrefActive`: waits anew, whatever it did until now. */
function restart(item, referenced) {
  const msecs = item._idleTimeout;
  if (msecs < 0 || msecs === undefined) {
    return;
  }
  if (item[ID] === undefined || item._destroyed || !active.has(item[ID])) {
    item._destroyed = false;
    item[REFERENCED] = referenced;
    init(item);
    active.set(item[ID], item);
    if (referenced) {
      loop.hold();
    }
  } else {
    refer(item, referenced);
  }
  insert(item, msecs);
}

function destroy(item) {
  item._destroyed = true;
  if (active.delete(item[ID]) && item[REFERENCED]) {
    loop.release();
  }
}

function stopWaiting(item) {
  item._idleNext = null;
  item._idlePrev = null;
}

/** It is over, also if it runs just now. */
function unenroll(item) {
  if (item._destroyed) {
    return;
  }
  if (item[ID] !== undefined) {
    clock.stop(item[ID]);
  }
  destroy(item);
  stopWaiting(item);
  item._idleTimeout = -1;
}

function run(item) {
  const args = item._timerArgs;
  if (args === undefined) {
    item._onTimeout();
  } else {
    Reflect.apply(item._onTimeout, item, args);
  }
}

/** The clock's: runs it, then waits again if it repeats, and was not cleared. */
function fire(item) {
  stopWaiting(item);
  if (!item._onTimeout) {
    destroy(item);
    return;
  }
  try {
    turns.runInFrame(item[FRAME], () => run(item));
  } finally {
    if (item._repeat && item._idleTimeout !== -1) {
      item._idleTimeout = item._repeat;
      insert(item, item._idleTimeout);
    } else if (!item._idleNext && !item._destroyed) {
      destroy(item);
    }
  }
}

/** The clock has one way in, for all ids. */
clock.fireWith((id) =>
  turns.run(() => {
    try {
      const item = active.get(id);
      if (item !== undefined) {
        fire(item);
      } else {
        require('immediates').fire(id);
      }
    } catch (error) {
      uncaught(error);
    }
  }),
);

Object.assign(exports, {
  Timeout,
  TIMEOUT_MAX,
  REFERENCED,
  ID,
  FRAME,
  init,
  insert,
  restart,
  unenroll,

  /** The Timeout whose primitive value was asked for. */
  byPrimitive(id) {
    const item = active.get(Number(id));
    return item?.[HAS_PRIMITIVE] ? item : undefined;
  },

  timeoutKinds: () =>
    [...active.values()].filter((item) => item[REFERENCED]).map(() => 'Timeout'),
});
