/**
 * The event loop's side for I/O and messages: Java calls back with what has happened, in a turn of its
 * own and in the frame of AsyncLocalStorage in which it was asked for.
 *
 * What goes on and would keep a process of Node's alive (a request, an open socket) is held: a Worker
 * ends when nothing is. A runtime ends by its unload, whatever is held.
 */
'use strict';

const { loop } = host;
const turns = require('turns');

let holds = 0;

/** Something begins that keeps a Worker alive. */
exports.hold = () => {
  holds++;
};

/** It has ended, or does not count any more. */
exports.release = () => {
  holds--;
};

/** How many things are held. */
exports.holds = () => holds;

/** Gives `callback` the frame of now; Java's `HostLoop.enter` calls what comes out, maybe often. */
exports.callback = (callback) => {
  const frame = turns.currentFrame();
  return frame === undefined
    ? callback
    : (...args) => turns.runInFrame(frame, () => callback(...args));
};

/** As `callback`, for one that Java calls exactly once: it is held until then. */
exports.request = (callback) => {
  const framed = exports.callback(callback);
  exports.hold();
  return (...args) => {
    try {
      framed(...args);
    } finally {
      exports.release();
    }
  };
};

loop.enterWith(
  (callback, ...args) =>
    turns.run(() => {
      try {
        callback(...args);
      } catch (error) {
        require('rejections').uncaught(error);
      }
    }),
  () => {},
);
