/** Errors that nobody caught. */
'use strict';

const { exitCodes } = require('node-constants');

exports.exitCodes = exitCodes;
exports.noSideEffectsToString = (value) => {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};
exports.triggerUncaughtException = (error) => require('rejections').uncaught(error);
exports.getErrorSourcePositions = () => ({});
