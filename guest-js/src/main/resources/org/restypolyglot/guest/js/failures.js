/**
 * Turns what a user's code threw into what Lua and the log get. Nothing here trusts the value: its
 * getters, its toString and its prototype may throw or lie.
 */
'use strict';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const UNKNOWN = 'a value that cannot be shown';
const MAX_CAUSES = 5;

function attempt(code, otherwise) {
  try {
    return code();
  } catch {
    return otherwise;
  }
}

function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

/** The error's own integer `rc`, else 1; never 0, as that would mean success. */
function rcOf(error) {
  const rc = Number(typeof error.rc === 'bigint' || typeof error.rc === 'number' ? error.rc : 1);
  return Number.isInteger(rc) && rc >= INT32_MIN && rc <= INT32_MAX && rc !== 0 ? rc : 1;
}

function messageOf(error) {
  if (isObject(error)) {
    const { message } = error;
    if (typeof message === 'string' && message !== '') {
      return message;
    }
    if (error instanceof Error) {
      return String(message || error.name);
    }
  }
  return String(error);
}

/** "    at f (/srv/app.js:1:80)": on a module's first line the column counts our wrapper. */
function fixFirstLine(stack) {
  const { isModuleFile, firstLineOffset } = require('modules');
  return stack.replace(/(\(| at )(\/[^\n()]*):1:(\d+)(?=\)?$)/gm, (text, before, file, column) =>
    isModuleFile(file) && Number(column) > firstLineOffset
      ? `${before}${file}:1:${column - firstLineOffset}`
      : text,
  );
}

function stackOf(error, message) {
  if (!(error instanceof Error) || typeof error.stack !== 'string' || error.stack === '') {
    return isObject(error)
      ? `Uncaught ${require('node').requireNode('internal/util/inspect').inspect(error)}`
      : `Uncaught ${message}`;
  }
  const stack = fixFirstLine(error.stack);
  return stack.includes(message) ? stack : `${String(error.name)}: ${message}\n${stack}`;
}

/** The stack with those of the error's causes. */
function fullStack(error, message) {
  let text = stackOf(error, message);
  let cause = error instanceof Error ? error.cause : undefined;
  for (let i = 0; i < MAX_CAUSES && cause !== undefined && cause !== null; i++) {
    text += `\n[cause]: ${stackOf(cause, messageOf(cause))}`;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return text;
}

/**
 * @param {unknown} error what was thrown
 * @returns {{rc: number, message: string, stack: string}} all of them safe to use
 */
exports.explain = (error) => {
  const message = attempt(() => messageOf(error), UNKNOWN).toWellFormed();
  return {
    rc: isObject(error) ? attempt(() => rcOf(error), 1) : 1,
    message,
    stack: attempt(() => fullStack(error, message), message),
  };
};

/** An error with a code, as Node's have. */
function codedError(code, message, properties) {
  return Object.assign(new Error(message), { code }, properties);
}

exports.codedError = codedError;

/** The error of what Node has and this host has not. */
exports.notSupported = (what, where = '') =>
  codedError('ERR_NOT_SUPPORTED', `ERR_NOT_SUPPORTED: ${what} is not supported here${where}`);

/** What `value` is, for "expected ..., got ...". */
exports.typeName = (value) => {
  if (value === null) {
    return 'null';
  }
  if (typeof value !== 'object') {
    return typeof value;
  }
  if (attempt(() => Array.isArray(value), false)) {
    return 'array';
  }
  const name = attempt(() => value.constructor.name, '');
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? `object (${name})`
    : 'object';
};

exports.attempt = attempt;
