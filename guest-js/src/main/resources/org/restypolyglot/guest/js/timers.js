/** Node's `timers`: setTimeout and its like, over the host's clock. */
'use strict';

const { uncaught } = require('rejections');
const turns = require('turns');
const timeouts = require('timeouts');
const { Immediate, stopImmediate, immediateKinds } = require('immediates');

const PROMISIFY = Symbol.for('nodejs.util.promisify.custom');

const { Timeout, insert, unenroll, TIMEOUT_MAX } = timeouts;

const library = (id) => require('node').requireNode(id);

function requireFunction(callback) {
  if (typeof callback !== 'function') {
    library('internal/validators').validateFunction(callback, 'callback');
  }
}

function startTimeout(callback, delay, args, repeats, referenced = true) {
  const timeout = new Timeout(callback, delay, args, repeats, referenced);
  insert(timeout, timeout._idleTimeout);
  return timeout;
}

const given = (args) => (args.length === 0 ? undefined : args);

function setTimeout(callback, delay, ...args) {
  requireFunction(callback);
  return startTimeout(callback, delay, given(args), false);
}

function setInterval(callback, delay, ...args) {
  requireFunction(callback);
  return startTimeout(callback, delay, given(args), true);
}

function setImmediate(callback, ...args) {
  requireFunction(callback);
  return new Immediate(callback, given(args));
}

function clearTimeout(timer) {
  if (typeof timer === 'number' || typeof timer === 'string') {
    timeouts.byPrimitive(timer)?.close();
  } else if (timer?._onTimeout) {
    timer._onTimeout = null;
    unenroll(timer);
  }
}

function clearInterval(timer) {
  clearTimeout(timer);
}

function clearImmediate(immediate) {
  if (immediate?._onImmediate && !immediate._destroyed) {
    stopImmediate(immediate);
  }
}

Object.assign(Timeout.prototype, {
  close() {
    clearTimeout(this);
    return this;
  },
});

for (const [type, dispose] of [
  [Timeout, clearTimeout],
  [Immediate, clearImmediate],
]) {
  Object.defineProperty(type.prototype, Symbol.dispose, {
    value() {
      dispose(this);
    },
    writable: true,
    configurable: true,
  });
}
Object.defineProperty(Timeout.prototype, 'close', { enumerable: false });

/** util.promisify gives the functions of timers/promises. */
for (const timer of [setTimeout, setImmediate]) {
  Object.defineProperty(timer, PROMISIFY, {
    enumerable: true,
    get: () => library('timers/promises')[timer.name],
  });
}

/** `timers.enroll(item, msecs)`: makes any object one that `active` starts. */
function enroll(item, msecs) {
  const duration = getTimerDuration(msecs, 'msecs');
  if (item._idleNext) {
    unenroll(item);
  }
  item._idleNext = item;
  item._idlePrev = item;
  item._idleTimeout = duration;
}

/** Of what the library asks to be a time: throws for what is none. */
function getTimerDuration(msecs, name) {
  library('internal/validators').validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) {
    const { ERR_OUT_OF_RANGE } = library('internal/errors').codes;
    throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  }
  if (msecs > TIMEOUT_MAX) {
    require('process').process.emitWarning(
      `${msecs} does not fit into a 32-bit signed integer.` +
        `\nTimer duration was truncated to ${TIMEOUT_MAX}.`,
      'TimeoutOverflowWarning',
    );
    return TIMEOUT_MAX;
  }
  return msecs;
}

/** A function that Node has given up; the warning comes with its first call. */
function deprecated(name, call, instead, code) {
  let warning;
  const { [name]: wrapper } = {
    [name](...args) {
      warning ??= library('internal/util').deprecate(
        call,
        `timers.${name}() is deprecated. Please use ${instead} instead.`,
        code,
      );
      return warning(...args);
    },
  };
  return wrapper;
}

exports.api = {
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
  _unrefActive: deprecated(
    '_unrefActive',
    (item) => timeouts.restart(item, false),
    'timeout.refresh()',
    'DEP0127',
  ),
  active: deprecated(
    'active',
    (item) => timeouts.restart(item, true),
    'timeout.refresh()',
    'DEP0126',
  ),
  unenroll: deprecated('unenroll', unenroll, 'clearTimeout', 'DEP0096'),
  enroll: deprecated('enroll', enroll, 'setTimeout', 'DEP0095'),
};

Object.defineProperty(exports.api, 'promises', {
  configurable: true,
  enumerable: true,
  get: () => library('timers/promises'),
});

/** Node's process.getActiveResourcesInfo, as far as it is about timers. */
exports.activeKinds = () => [...timeouts.timeoutKinds(), ...immediateKinds()];

/** In place of the library's internal/timers. */
exports.internal = {
  Timeout,
  Immediate,
  TIMEOUT_MAX,
  kTimeout: Symbol('timeout'),
  insert,
  getTimerDuration,
  setUnrefTimeout(callback, delay) {
    requireFunction(callback);
    return startTimeout(callback, delay, undefined, false, false);
  },
};

exports.queueMicrotask = function queueMicrotask(callback) {
  requireFunction(callback);
  turns.queueReaction(() => {
    try {
      callback();
    } catch (error) {
      uncaught(error);
    }
  });
};
