/** What nobody caught: `process.on(...)` is told, or the log; the worker lives on. */
'use strict';

const { log } = host;
const { explain } = require('failures');
const { trackRejections } = require('intrinsics');

/** Rejected promises that nobody has handled in this turn, with their reasons. */
const pending = new Map();

/** Those of earlier turns, of which somebody was told. */
const told = new WeakSet();

/** Those of them that were handled since. */
const handledLate = [];

/** In a Worker: takes an exception that nobody has caught. */
let fatal;

exports.setFatal = (take) => {
  fatal = take;
};

const UNHANDLED =
  'This error originated either by throwing inside of an async function without a catch block, or by ' +
  'rejecting a promise which was not handled with .catch(). The promise rejected with the reason ';

/** Tells the listeners of `process.on(event)`; returns whether there are any. */
function tellProcess(event, ...args) {
  return require('process').emitIfListened(event, args);
}

/** An exception that left a timer, a tick or an event listener. */
exports.uncaught = (error, origin = 'uncaughtException') => {
  const prefix =
    origin === 'uncaughtException' ? 'Uncaught exception' : 'Unhandled promise rejection';
  try {
    tellProcess('uncaughtExceptionMonitor', error, origin);
    const capture = require('process-library').capture();
    if (capture !== null) {
      capture(error);
    } else if (fatal !== undefined) {
      fatal(error, origin);
    } else if (!tellProcess('uncaughtException', error, origin)) {
      log.error(`${prefix}: ${explain(error).stack}`);
    }
  } catch (again) {
    log.error(`${prefix}: ${explain(error).stack}`);
    log.error(`${prefix} in its listener: ${explain(again).stack}`);
  }
};

function unhandled(reason, promise) {
  try {
    if (tellProcess('unhandledRejection', reason, promise)) {
      return;
    }
    const isError = typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack');
    if (isError || !require('process').isListened('uncaughtException')) {
      exports.uncaught(reason, 'unhandledRejection');
    } else {
      const error = new Error(`${UNHANDLED}"${explain(reason).message}".`);
      error.name = 'UnhandledPromiseRejection';
      exports.uncaught(
        Object.assign(error, { code: 'ERR_UNHANDLED_REJECTION' }),
        'unhandledRejection',
      );
    }
  } catch (again) {
    exports.uncaught(again);
  }
}

exports.hasPending = () => pending.size > 0 || handledLate.length > 0;

/** Tells about all promises that wait; returns whether that may have started something new. */
exports.tellPending = () => {
  if (!exports.hasPending()) {
    return false;
  }
  for (const promise of handledLate.splice(0)) {
    try {
      tellProcess('rejectionHandled', promise);
    } catch (error) {
      exports.uncaught(error);
    }
  }
  const promises = [...pending];
  pending.clear();
  for (const [promise, { reason, frame }] of promises) {
    told.add(promise);
    require('turns').runInFrame(frame, () => unhandled(reason, promise));
  }
  return true;
};

function rejected(promise, reason) {
  pending.set(promise, { reason, frame: require('turns').currentFrame() });
}

function handled(promise) {
  if (!pending.delete(promise) && told.delete(promise)) {
    handledLate.push(promise);
  }
}

/** Set by process.js once it has events. */
exports.processEvents = undefined;

let hasWarned = false;

function warnOfMultipleResolves() {
  if (!hasWarned) {
    hasWarned = true;
    require('process').process.emitWarning(
      'The multipleResolves event has been deprecated.',
      'DeprecationWarning',
      'DEP0160',
    );
  }
}

/** A promise that is settled is settled again; nothing comes of it but Node's event, a tick later. */
function settledAgain(type, promise, value) {
  if (exports.processEvents?.isListened('multipleResolves')) {
    const tell = () => {
      warnOfMultipleResolves();
      tellProcess('multipleResolves', type, promise, value);
    };
    require('turns').nextTick(tell, []);
  }
}

/** Has the engine report rejected promises that nobody handles, and takes its global away. */
exports.install = () => {
  trackRejections(rejected, handled, require('turns').microtasksDone, settledAgain);
  delete globalThis.Graal;
};
