/**
 * A turn is one call from Java into the context. Promise reactions run when it ends; what is due
 * just before them, the queue of process.nextTick, is here.
 */
'use strict';

const ticks = [];
let draining = false;

function drain() {
  if (draining) {
    return;
  }
  draining = true;
  try {
    while (ticks.length > 0) {
      const { callback, args } = ticks.shift();
      try {
        callback(...args);
      } catch (error) {
        require('rejections').uncaught(error);
      }
    }
  } finally {
    draining = false;
  }
}

/** Runs `code` as a turn. What it throws goes on to the caller. */
exports.run = (code) => {
  try {
    return code();
  } finally {
    drain();
  }
};

/** What a turn that does without `run` calls at its end. */
exports.end = () => {
  if (ticks.length > 0) {
    drain();
  }
};

/** Runs `callback` when the turn ends; called from a promise reaction, after those that wait. */
exports.nextTick = (callback, args) => {
  ticks.push({ callback, args });
  if (ticks.length === 1) {
    queueReaction(drain);
  }
};

/** Has `code` run as a promise reaction, whatever the user does to Promise.prototype. */
async function queueReaction(code) {
  await undefined;
  code();
}

exports.queueReaction = queueReaction;
