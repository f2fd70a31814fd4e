/** Node's `process`, as far as it makes sense in a worker of nginx. */
'use strict';

const { process: facts, log } = host;
const { codedError } = require('failures');
const { version: NODE_VERSION, opensslVersion: OPENSSL_VERSION } = require('node-facts');
const turns = require('turns');

const ARCHITECTURES = { amd64: 'x64', x86_64: 'x64', aarch64: 'arm64' };
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MICRO = 1000;

const started = BigInt(facts.nanos());

const library = (id) => require('node').requireNode(id);

function refuse(name, instead) {
  return () => {
    throw codedError(
      'ERR_NOT_SUPPORTED',
      `ERR_NOT_SUPPORTED: process.${name}() is not allowed in an nginx worker: ${instead}`,
    );
  };
}

/** A copy: changes stay in this runtime. nginx passes on only what its `env` directive names. */
function readEnvironment() {
  const pairs = Array.from(facts.environment());
  const env = {};
  for (let i = 0; i < pairs.length; i += 2) {
    env[pairs[i]] = pairs[i + 1];
  }
  return new Proxy(env, { defineProperty: defineVariable });
}

/** Each value is a string, whatever it is set to. */
function defineVariable(env, name, descriptor) {
  if (typeof name === 'symbol') {
    throw new TypeError('Cannot convert a Symbol value to a string');
  }
  if ('get' in descriptor || 'set' in descriptor) {
    throw invalidVariable('does not accept an accessor(getter/setter) descriptor');
  }
  const isNew = !Object.hasOwn(env, name);
  const { value, writable = !isNew, enumerable = !isNew, configurable = !isNew } = descriptor;
  if (!writable || !enumerable || !configurable) {
    throw invalidVariable('only accepts a configurable, writable, and enumerable data descriptor');
  }
  return Reflect.defineProperty(env, name, {
    value: `${value}`,
    writable,
    enumerable,
    configurable,
  });
}

function invalidVariable(why) {
  return Object.assign(new TypeError(`'process.env' ${why}`), {
    code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY',
  });
}

function hrtime(since) {
  const now = BigInt(facts.nanos());
  const seconds = Number(now / NANOS_PER_SECOND);
  const nanos = Number(now % NANOS_PER_SECOND);
  if (since === undefined) {
    return [seconds, nanos];
  }
  library('internal/validators').validateArray(since, 'time', { minLength: 2 });
  const borrow = nanos < since[1] ? 1 : 0;
  return [seconds - since[0] - borrow, nanos - since[1] + borrow * Number(NANOS_PER_SECOND)];
}

hrtime.bigint = () => BigInt(facts.nanos());

/** The whole process's: all runtimes of the worker, and nginx. */
function memoryUsage() {
  const [rss, heapTotal, heapUsed, external] = Array.from(facts.memory());
  return { rss, heapTotal, heapUsed, external, arrayBuffers: 0 };
}

memoryUsage.rss = () => facts.memory()[0];

function cpuUsage(since) {
  const [user, system] = Array.from(facts.cpuNanos(), (nanos) =>
    Math.trunc(nanos / NANOS_PER_MICRO),
  );
  return since === undefined
    ? { user, system }
    : { user: user - since.user, system: system - since.system };
}

const members = {
  title: 'resty-polyglot',
  version: `v${NODE_VERSION}`,
  versions: {
    node: NODE_VERSION,
    'resty-polyglot': facts.projectVersion(),
    openssl: OPENSSL_VERSION, // whose errors node:crypto has
  },
  release: { name: 'node', lts: 'Jod' },
  platform: 'linux',
  arch: ARCHITECTURES[facts.architecture()] ?? facts.architecture(),
  pid: facts.pid(),
  ppid: facts.parentPid(),
  argv: ['resty-polyglot'],
  argv0: 'resty-polyglot',
  execArgv: [],
  execPath: 'resty-polyglot',
  exitCode: undefined,
  config: { target_defaults: {}, variables: {} },
  features: {
    inspector: false,
    debug: false,
    uv: false,
    ipv6: true,
    tls_alpn: false,
    tls_sni: false,
    tls_ocsp: false,
    tls: false,
    cached_builtins: true,
    require_module: true,
    typescript: false,
  },

  nextTick(callback, ...args) {
    if (typeof callback !== 'function') {
      library('internal/validators').validateFunction(callback, 'callback');
    }
    turns.nextTick(callback, args);
  },

  cwd: () => facts.currentFolder(),
  uptime: () => Number(BigInt(facts.nanos()) - started) / Number(NANOS_PER_SECOND),
  hrtime,
  memoryUsage,
  cpuUsage,
  availableMemory: () => facts.memory()[4],
  constrainedMemory: () => facts.memory()[5],
  getBuiltinModule: (name) => require('builtins').getBuiltinModule(name),

  emitWarning(...args) {
    listenForWarnings();
    library('internal/process/warning').emitWarning(...args);
  },

  _rawDebug: (...args) => log.warn(library('internal/util/inspect').format(...args)),

  exit: refuse('exit', 'throw an error to fail the call'),
  reallyExit: refuse('reallyExit', 'throw an error to fail the call'),
  abort: refuse('abort', 'throw an error to fail the call'),
  kill: refuse('kill', 'signals belong to nginx'),
  chdir: refuse('chdir', "the current folder is the whole worker's"),
  binding: refuse('binding', 'there is no native layer'),
  dlopen: refuse('dlopen', 'native addons are not supported'),
  setuid: refuse('setuid', "the process is nginx's"),
  setgid: refuse('setgid', "the process is nginx's"),
};

/** Values that are made when they are first asked for. */
const LAZY = {
  env: readEnvironment,
  stdout: () => require('output').makeStream((line) => log.info(line), 1),
  stderr: () => require('output').makeStream((line) => log.warn(line), 2),
  stdin: () => library('stream').Readable.from([]),
};

for (const id of ['getuid', 'geteuid', 'getgid', 'getegid']) {
  members[id] = () => library('os').userInfo()[id.slice(-3)];
}

// ---- its events: an EventEmitter's, once somebody asks for one of them -------------------------

const EMITTER_METHODS = [
  'on once off addListener removeListener prependListener prependOnceListener removeAllListeners emit',
  'listeners rawListeners listenerCount eventNames setMaxListeners getMaxListeners',
].flatMap((line) => line.split(' '));

const prototype = {};
const process = Object.create(prototype);
let isEmitter = false;
let showsWarnings = false;

/** Gives `process` the library's events. */
function becomeEmitter() {
  const EventEmitter = library('events'); // which calls this when it is loaded
  if (isEmitter) {
    return;
  }
  Object.setPrototypeOf(prototype, EventEmitter.prototype);
  Reflect.apply(EventEmitter, process, []);
  for (const name of EMITTER_METHODS) {
    delete prototype[name];
  }
  isEmitter = true;
}

for (const name of EMITTER_METHODS) {
  Object.defineProperty(prototype, name, {
    value(...args) {
      becomeEmitter();
      return Reflect.apply(process[name], this, args);
    },
    writable: true,
    configurable: true,
  });
}

function listenForWarnings() {
  if (!showsWarnings) {
    process.on('warning', library('internal/process/warning').onWarning);
    showsWarnings = true;
  }
}

const isListened = (event) => isEmitter && process.listenerCount(event) > 0;

exports.becomeEmitter = becomeEmitter;
exports.isListened = isListened;

/** Returns whether somebody listens. */
exports.emitIfListened = (event, args) => isListened(event) && process.emit(event, ...args);

Object.assign(process, members);
Object.defineProperty(prototype, Symbol.toStringTag, { value: 'process', configurable: true });

for (const [name, make] of Object.entries(LAZY)) {
  Object.defineProperty(process, name, {
    get() {
      const value = make();
      Object.defineProperty(process, name, { value, writable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(process, name, { value, writable: true });
    },
    enumerable: true,
    configurable: true,
  });
}

exports.process = process;
