/** What nobody caught: it is logged, and the worker lives on. */
'use strict';

const { log } = host;
const { explain } = require('failures');

/** Tells the listeners of `process.on(event)`, if there are any. */
function tellProcess(event, ...args) {
  const { events } = require('process-events');
  return events.emit(event, ...args);
}

/** An exception that left a timer, a tick or an event listener. */
exports.uncaught = (error) => {
  try {
    if (!tellProcess('uncaughtException', error, 'uncaughtException')) {
      log.error(`Uncaught exception: ${explain(error).stack}`);
    }
  } catch (again) {
    log.error(`Uncaught exception: ${explain(error).stack}`);
    log.error(`Uncaught exception in its listener: ${explain(again).stack}`);
  }
};

function unhandled(reason, promise) {
  try {
    if (!tellProcess('unhandledRejection', reason, promise)) {
      log.error(`Unhandled promise rejection: ${explain(reason).stack}`);
    }
  } catch (again) {
    exports.uncaught(again);
  }
}

/** Has the engine report rejected promises that nobody handles, and takes its global away. */
exports.install = () => {
  Graal.setUnhandledPromiseRejectionHandler(unhandled);
  delete globalThis.Graal;
};
