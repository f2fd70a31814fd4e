/**
 * A turn is one call from Java into the context: a task, a timer. When its code is done, what waits is
 * run in Node's order: all ticks of process.nextTick, then all microtasks, and so on until there is
 * neither; then the promises that were rejected and that nobody handles are told.
 */
'use strict';

const { enqueueMicrotask, runMicrotasks, getFrame, setFrame } = require('intrinsics');

const ticks = [];
let draining = false;

/** Whether AsyncLocalStorage is in use, so that others need not look. */
let usesFrames = false;

exports.useFrames = () => {
  usesFrames = true;
};

/** Runs `code` in the frame of AsyncLocalStorage in which it was asked for. */
function runInFrame(frame, code) {
  if (!usesFrames) {
    return code();
  }
  const before = getFrame();
  setFrame(frame);
  try {
    return code();
  } finally {
    setFrame(before);
  }
}

exports.runInFrame = runInFrame;
exports.currentFrame = () => (usesFrames ? getFrame() : undefined);

function runTicks() {
  while (ticks.length > 0) {
    const { callback, args, frame } = ticks.shift();
    try {
      runInFrame(frame, () => callback(...args));
    } catch (error) {
      require('rejections').uncaught(error);
    }
  }
}

function drain() {
  if (draining) {
    return;
  }
  const { tellPending } = require('rejections');
  draining = true;
  try {
    do {
      do {
        runTicks();
        runMicrotasks();
      } while (ticks.length > 0);
    } while (tellPending());
  } finally {
    draining = false;
  }
}

/** What waits is run in the midst of a turn, between two things that came at once; then `frame` is back. */
exports.checkpoint = (frame) => {
  drain();
  if (usesFrames) {
    setFrame(frame);
  }
};

/** Runs `code` as a turn. What it throws goes on to the caller. */
exports.run = (code) => {
  try {
    return code();
  } finally {
    exports.end();
  }
};

/** What a turn that does without `run` calls at its end. */
exports.end = () => {
  if (usesFrames) {
    setFrame(undefined);
  }
  if (ticks.length > 0) {
    drain();
  }
};

/** Between two callbacks of one turn: what waits is run, as if each were a turn of its own. */
exports.between = () => {
  if (usesFrames) {
    setFrame(undefined);
  }
  drain();
};

/** The engine's queue of microtasks is empty: what was left to ticks by one of them is next. */
exports.microtasksDone = () => {
  if (ticks.length > 0 || require('rejections').hasPending()) {
    drain();
  }
};

/** Runs `callback` when the code of the turn, and what waits in the queue already, has run. */
exports.nextTick = (callback, args) => {
  ticks.push({ callback, args, frame: exports.currentFrame() });
  if (ticks.length === 1) {
    enqueueMicrotask(nothing); // so that the engine tells when it has no more of them
  }
};

function nothing() {}

/** Has `code`, which does not throw, run as a microtask. */
exports.queueReaction = (code) => {
  const frame = exports.currentFrame();
  enqueueMicrotask(() => runInFrame(frame, code));
};
