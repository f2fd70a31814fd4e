/**
 * From a module's exports to the function that answers calls.
 *
 * The dispatch function is what Java calls for each task; it returns text, null, or ANSWERED where
 * the reply went, or will go, another way.
 */
'use strict';

const { queueHandle } = require('intrinsics');
const { typeName } = require('failures');
const { findMember, isMember, memberNames, listing, ownerOf } = require('members');
const { ANSWERED, answerLater, fail, wellFormed } = require('replies');
const { Task } = require('task');
const turns = require('turns');

const { name: runtime, queue } = host;
const isFunction = (value) => typeof value === 'function';

/**
 * Calls the entry and makes the dispatch function of what it gives.
 *
 * @param {unknown} userModule the module's exports
 * @returns {Promise<{dispatch: Function, wantsBytes: boolean}|{polls: true}>} `polls`: the module polls
 *   for its tasks itself
 */
exports.startHandler = async (userModule, file, entry, config) => {
  const owner = ownerOf(userModule, entry);
  const start = owner?.[entry];
  if (!isFunction(start)) {
    const problem =
      owner === undefined
        ? `module ${file} exports no "${entry}"`
        : `"${entry}" of module ${file} should be a function, got ${typeName(start)}`;
    throw new Error(`${problem}; it exports ${listing(memberNames(userModule, () => true))}`);
  }
  // A function of two parameters is lua-resty-ffi's, where a config is always text.
  const isTheirs = start.length >= 2;
  const handler = await start.call(
    owner,
    isTheirs ? (config ?? '') : config,
    queueHandle(queue),
  );
  if (handler === 0) {
    return { polls: true };
  }
  const wantsBytes = readEncoding(userModule, file);
  return { dispatch: makeDispatch(checkHandler(handler, file, entry), wantsBytes), wantsBytes };
};

function checkHandler(handler, file, entry) {
  const what = `"${entry}" of module ${file}`;
  if (Number.isInteger(handler)) {
    throw Object.assign(new Error(`${what} returned ${handler}`), { rc: handler });
  }
  const isObject = handler !== null && typeof handler === 'object' && !Array.isArray(handler);
  if (!isFunction(handler) && !isObject) {
    throw new TypeError(
      `${what} should return a function or an object with methods, got ${typeName(handler)}`,
    );
  }
  return handler;
}

function readEncoding(userModule, file) {
  const encoding = ownerOf(userModule, 'encoding')?.encoding;
  if (encoding === undefined || encoding === 'utf8' || encoding === 'utf-8') {
    return false;
  }
  if (encoding !== null) {
    throw new TypeError(
      `"encoding" of module ${file} should be null (bytes) or "utf8" (text), got ${
        typeof encoding === 'string' ? `"${encoding}"` : typeName(encoding)
      }`,
    );
  }
  return true;
}

function makeDispatch(handler, wantsBytes) {
  const invoke = isFunction(handler)
    ? (name, request, task) => handler(request, task)
    : byName(handler);
  const makeTask = wantsBytes
    ? (method, request, call) => new Task(method, call, request)
    : (method, request, call) => new Task(method, call, undefined);
  const decode = wantsBytes ? require('bytes').fromHost : (request) => request;

  return function dispatch(method, rawRequest, call) {
    let value;
    try {
      const request = decode(rawRequest);
      value = invoke(method, request, makeTask(method, request, call));
    } catch (error) {
      fail(call, error);
      turns.end();
      return ANSWERED;
    }
    turns.end();
    if (typeof value === 'string') {
      return wellFormed(value);
    }
    if (value === undefined || value === null) {
      return null;
    }
    answerLater(call, method, value);
    return ANSWERED;
  };
}

/** Calls `handler[name](request, task)`, for members only. */
function byName(handler) {
  // Names that were found to be members: their function is looked up at each call, as it may change.
  const known = new Set();
  return (name, request, task) => {
    if (!known.has(name)) {
      requireMethod(handler, name);
      known.add(name);
    }
    return handler[name](request, task);
  };
}

function requireMethod(handler, name) {
  const found = findMember(handler, name);
  if (!isFunction(found)) {
    const problem = isMember(handler, name)
      ? `"${name}" of ${runtime} is not a method, but ${typeName(found)}`
      : `no method "${name}" in ${runtime}`;
    throw new TypeError(`${problem}; there is ${listing(memberNames(handler, isFunction))}`);
  }
}
