/**
 * How operations of `internalBinding('fs')` begin and end: Java gives a negative number for a failure.
 * Without a request they run at once and throw; with one they run on another thread.
 */
'use strict';

const { getErrorMessage, errname } = require('bindings/uv');
const { utf8Slice } = require('intrinsics');
const { request } = require('loop');

const kUsePromises = Symbol('fs_use_promises_symbol');

/** What the library makes for an operation, with the callback that it sets: `oncomplete`. */
class FSReqCallback {
  constructor(bigint) {
    this.bigint = bigint;
    this.oncomplete = undefined;
    this.context = undefined;
  }
}

/** A path as it stands in messages. */
const shown = (path) =>
  typeof path === 'string' ? path : utf8Slice.call(path, 0, path.length);

/** The error that Node's C++ makes of a failed system call. */
function uvException(errno, syscall, path, dest) {
  let message = `${errname(errno)}: ${getErrorMessage(errno)}, ${syscall}`;
  const properties = { errno, code: errname(errno), syscall };
  if (path !== undefined) {
    properties.path = shown(path);
    message += ` '${properties.path}'`;
  }
  if (dest !== undefined) {
    properties.dest = shown(dest);
    message += ` -> '${properties.dest}'`;
  }
  return Object.assign(new Error(message), properties);
}

const isFailure = (result) => typeof result === 'number' && result < 0;

const nothing = () => undefined;

/**
 * @param {{syscall: string, path?: unknown, dest?: unknown}} what for errors
 * @param {FSReqCallback|symbol|undefined} req
 * @param {(callback: Function|null) => unknown} start Java's method
 * @param {(result: unknown) => unknown} decode makes of Java's result what the library gets
 */
function perform(what, req, start, decode = nothing) {
  if (req === undefined) {
    const result = start(null);
    if (isFailure(result)) {
      throw uvException(result, what.syscall, what.path, what.dest);
    }
    return decode(result);
  }
  const end = (result) => {
    if (isFailure(result)) {
      throw uvException(result, what.syscall, what.path, what.dest);
    }
    return decode(result);
  };
  if (req === kUsePromises) {
    return new Promise((resolve, reject) => {
      start(
        request((result) => {
          let value;
          try {
            value = end(result);
          } catch (error) {
            reject(error);
            return;
          }
          resolve(value);
        }),
      );
    });
  }
  start(request((result) => complete(req, () => end(result))));
  return undefined;
}

/** Calls the request's callback with what `end` gives or throws. */
function complete(req, end) {
  let value;
  try {
    value = end();
  } catch (error) {
    req.oncomplete(error);
    return;
  }
  if (value === undefined) {
    req.oncomplete(null);
  } else {
    req.oncomplete(null, value);
  }
}

exports.FSReqCallback = FSReqCallback;
exports.kUsePromises = kUsePromises;
exports.isFailure = isFailure;
exports.perform = perform;
exports.shown = shown;
exports.uvException = uvException;
