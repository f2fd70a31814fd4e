/** `console`, whose lines come out in nginx's error.log. */
'use strict';

const { log, process: clock } = host;
const { explain } = require('failures');

const INDENT = '  ';
const NANOS_PER_MILLI = 1e6;

let indentation = '';
const counts = new Map();
const timers = new Map();

const library = (id) => require('node').requireNode(id);

function indented(text) {
  return indentation === '' ? text : indentation + text.replaceAll('\n', `\n${indentation}`);
}

/** The text of a call; the library is loaded for more than text only. */
function format(args) {
  const [first] = args;
  if (
    args.every((value) => typeof value === 'string') &&
    !(args.length > 1 && first.includes('%'))
  ) {
    return args.join(' ');
  }
  const { format: formatAll } = library('internal/util/inspect');
  try {
    return formatAll(...args);
  } catch (error) {
    return `[cannot be shown: ${explain(error).message}]`; // a log line should not end a call
  }
}

/** Where lines go in place of the log: in a Worker, to who has asked for them. */
const streams = { __proto__: null };

exports.writeTo = (stdout, stderr) => {
  Object.assign(streams, { info: stdout, debug: stdout, error: stderr, warn: stderr });
};

function write(level, text) {
  const stream = streams[level];
  if (stream === undefined) {
    log[level](text);
  } else {
    stream.write(`${text}\n`);
  }
}

const writer =
  (level) =>
  (...args) =>
    write(level, indented(format(args)));

const error = writer('error');
const warn = writer('warn');
const info = writer('info');
const debug = writer('debug');

const now = () => Number(clock.nanos()) / NANOS_PER_MILLI;

function elapsed(label) {
  const millis = now() - timers.get(label);
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

/** As the library's console makes it. */
function table(data, columns) {
  const { Console } = exports.console;
  const out = { write: (text) => info(text.replace(/\n$/, '')) };
  Object.assign(out, { on() {}, once() {}, removeListener() {}, listenerCount: () => 0 });
  new Console({ stdout: out, stderr: out }).table(data, columns);
}

const console = {
  log: info,
  info,
  debug,
  warn,
  error,
  group,
  groupCollapsed: group,

  trace(...args) {
    const text = format(args);
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
    write(
      'info',
      indented(
        library('internal/util/inspect').inspect(value, { customInspect: false, ...options }),
      ),
    );
  },

  dirxml: info,
  table,

  count(label = 'default') {
    const name = String(label);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    info(`${name}: ${counts.get(name)}`);
  },

  countReset(label = 'default') {
    const name = String(label);
    if (counts.has(name)) {
      counts.delete(name);
    } else {
      warn(`Count for '${name}' does not exist`);
    }
  },

  time(label = 'default') {
    const name = String(label);
    if (timers.has(name)) {
      warn(`Label '${name}' already exists for console.time()`);
    } else {
      timers.set(name, now());
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

  profile() {},
  profileEnd() {},
  timeStamp() {},
};

Object.defineProperty(console, 'Console', {
  get: () => library('internal/console/constructor').Console,
  configurable: true,
});

exports.console = console;
