/**
 * `console`, whose lines come out in nginx's error.log, each at its level. Where a program has put something
 * of its own into the way (`process.stdout.write = …`, `console._stdout = …`), they go there, as in Node.
 */
'use strict';

const { log } = host;
const { explain } = require('failures');
const { streamOf } = require('output');

const INDENT = '  ';
const STDOUT = 1;
const STDERR = 2;

let indentation = '';
const counts = new Map();
const timers = new Map();

/** What a program has set `console._stdout` and `console._stderr` to. */
const replaced = {};

/** Where lines go in place of the log: in a Worker, to who has asked for them. */
const redirected = {};

/** Node's channels, once the library has them: they are told what the console gets. */
let channels;

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

function write(level, text) {
  const fd = level === 'error' || level === 'warn' ? STDERR : STDOUT;
  const stream = replaced[fd] ?? streamOf(fd) ?? redirected[fd];
  if (stream === undefined) {
    log[level](indented(text));
  } else {
    stream.write(`${indented(text)}\n`);
  }
}

/** `console.log` and the others of its kind. */
const writer = (name, level) =>
  ({
    [name]: (...args) => {
      const channel = channels?.channel(`console.${name}`);
      if (channel?.hasSubscribers) {
        channel.publish(args);
      }
      write(level, format(args));
    },
  })[name];

/** Node's clockwork for console.time: of its functions the one that is called `name`. */
function timed(name, label, ...rest) {
  const show = (shown, text, args = []) => console.log(`${shown}: ${text}`, ...args);
  const sayWhat = `console.${name}()`;
  const { kNone, ...functions } = library('internal/util/debuglog');
  const more = name === 'time' ? [`${label}`] : [show, `${label}`];
  functions[name](timers, 'node,node.console', sayWhat, kNone, ...more, `time::${label}`, ...rest);
}

const console = {
  log: writer('log', 'info'),
  warn: writer('warn', 'warn'),

  dir(value, options) {
    const { inspect } = library('internal/util/inspect');
    write('info', inspect(value, { customInspect: false, ...options }));
  },

  time(label = 'default') {
    timed('time', label);
  },

  timeEnd(label = 'default') {
    timed('timeEnd', label);
  },

  timeLog(label = 'default', ...args) {
    timed('timeLog', label, args);
  },

  trace(...args) {
    const text = format(args);
    const { stack } = new Error('trace');
    console.error(`Trace${text === '' ? '' : `: ${text}`}\n${stack.slice(stack.indexOf('\n') + 1)}`);
  },

  assert(condition, ...args) {
    if (condition) {
      return;
    }
    const [first, ...rest] = args;
    if (typeof first === 'string') {
      console.error(`Assertion failed: ${first}`, ...rest);
    } else {
      console.error('Assertion failed', ...args);
    }
  },

  /** Clears a terminal, should a program say that its stream is one. */
  clear() {
    const stream = replaced[STDOUT] ?? streamOf(STDOUT);
    if (stream?.isTTY && require('process').process.env.TERM !== 'dumb') {
      const { cursorTo, clearScreenDown } = library('readline');
      cursorTo(stream, 0, 0);
      clearScreenDown(stream);
    }
  },

  count(label = 'default') {
    const name = `${label}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    console.log(`${name}: ${counts.get(name)}`);
  },

  countReset(label = 'default') {
    const name = `${label}`;
    if (!counts.delete(name)) {
      require('process').process.emitWarning(`Count for '${name}' does not exist`);
    }
  },

  group(...args) {
    if (args.length > 0) {
      console.log(...args);
    }
    indentation += INDENT;
  },

  groupEnd() {
    indentation = indentation.slice(0, -INDENT.length);
  },

  /** As the library's console makes it. */
  table(data, columns) {
    const { Console } = console;
    const out = { write: (text) => console.log(text.replace(/\n$/, '')) };
    Object.assign(out, { on() {}, once() {}, removeListener() {}, listenerCount: () => 0 });
    new Console({ stdout: out, stderr: out }).table(data, columns);
  },

  debug: writer('debug', 'debug'),
  info: writer('info', 'info'),
  dirxml: (...args) => console.log(...args),
  error: writer('error', 'error'),
  groupCollapsed: (...args) => console.group(...args),
  profile() {},
  profileEnd() {},
  timeStamp() {},
  context() {},
};

/** The class, of which the global console is an instance without being made by it. */
function getConsole() {
  const { Console } = library('internal/console/constructor');
  const sample = new Console({ write() {} });
  for (const key of Object.getOwnPropertySymbols(sample)) {
    if (key.description === 'kIsConsole') {
      Object.defineProperty(console, key, { value: true, writable: true, configurable: true });
    }
  }
  return Console;
}

Object.defineProperty(console, 'Console', { get: getConsole, configurable: true });
Object.defineProperty(console, '_times', { value: timers, writable: true, configurable: true });

for (const [fd, name] of [
  [STDOUT, 'stdout'],
  [STDERR, 'stderr'],
]) {
  Object.defineProperty(console, `_${name}`, {
    get: () => replaced[fd] ?? require('process').process[name],
    set(stream) {
      replaced[fd] = stream;
    },
    configurable: true,
  });
}

exports.console = console;

exports.writeTo = (stdout, stderr) => {
  redirected[STDOUT] = stdout;
  redirected[STDERR] = stderr;
};

exports.useChannels = (library) => {
  channels = library;
};
