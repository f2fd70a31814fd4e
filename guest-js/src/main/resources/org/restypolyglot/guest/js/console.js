/** `console`, whose lines come out in nginx's error.log. */
'use strict';

const { log } = host;
const { format } = require('format');
const { inspect } = require('inspect');
const { table } = require('table');

const INDENT = '  ';

let indentation = '';
const counts = new Map();
const timers = new Map();

function indented(text) {
  return indentation === '' ? text : indentation + text.replaceAll('\n', `\n${indentation}`);
}

const writer =
  (level) =>
  (...args) =>
    log[level](indented(format(...args)));

const error = writer('error');
const warn = writer('warn');
const info = writer('info');
const debug = writer('debug');

function elapsed(label) {
  const millis = performance.now() - timers.get(label);
  return millis >= 1000 ? `${(millis / 1000).toFixed(3)}s` : `${millis.toFixed(3)}ms`;
}

function withTimer(label, use) {
  const name = String(label);
  if (timers.has(name)) {
    use(name);
  } else {
    warn(`No such label '${name}' for console.time()`);
  }
}

function group(...args) {
  if (args.length > 0) {
    info(...args);
  }
  indentation += INDENT;
}

/** The place that called, without the line of the error itself. */
function callerStack() {
  const { stack } = new Error('trace');
  return stack.slice(stack.indexOf('\n') + 1);
}

exports.console = {
  log: info,
  info,
  debug,
  warn,
  error,
  group,
  groupCollapsed: group,

  trace(...args) {
    const text = format(...args);
    info(`Trace${text === '' ? '' : `: ${text}`}\n${callerStack()}`);
  },

  assert(condition, ...args) {
    if (condition) {
      return;
    }
    const [first, ...rest] = args;
    if (typeof first === 'string') {
      error(`Assertion failed: ${first}`, ...rest);
    } else {
      error('Assertion failed', ...args);
    }
  },

  dir(value, options) {
    log.info(indented(inspect(value, options ?? {})));
  },

  dirxml: info,

  table(data, columns) {
    info(data !== null && typeof data === 'object' ? table(data, columns) : data);
  },

  count(label = 'default') {
    const name = String(label);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    info(`${name}: ${counts.get(name)}`);
  },

  countReset(label = 'default') {
    const name = String(label);
    if (counts.has(name)) {
      counts.set(name, 0);
    } else {
      warn(`Count for '${name}' does not exist`);
    }
  },

  time(label = 'default') {
    const name = String(label);
    if (timers.has(name)) {
      warn(`Label '${name}' already exists for console.time()`);
    } else {
      timers.set(name, performance.now());
    }
  },

  timeLog(label = 'default', ...args) {
    withTimer(label, (name) => info(`${name}: ${elapsed(name)}`, ...args));
  },

  timeEnd(label = 'default') {
    withTimer(label, (name) => {
      info(`${name}: ${elapsed(name)}`);
      timers.delete(name);
    });
  },

  groupEnd() {
    indentation = indentation.slice(0, -INDENT.length);
  },
};
