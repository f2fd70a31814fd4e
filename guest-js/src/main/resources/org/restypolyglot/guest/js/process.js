/** Node's `process`, as far as it makes sense in a worker of nginx. */
'use strict';

const { process: facts, log } = host;
const { codedError } = require('failures');
const {
  version: NODE_VERSION,
  modulesVersion: MODULES_ABI,
  opensslVersion: OPENSSL_VERSION,
} = require('node-facts');
const fromLibrary = require('process-library');
const turns = require('turns');

const ARCHITECTURES = { amd64: 'x64', x86_64: 'x64', aarch64: 'arm64' };
const NANOS_PER_SECOND = 1_000_000_000n;

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

function hrtime(since) {
  const now = BigInt(facts.nanos());
  const seconds = Number(now / NANOS_PER_SECOND);
  const nanos = Number(now % NANOS_PER_SECOND);
  if (since === undefined) {
    return [seconds, nanos];
  }
  if (!Array.isArray(since) || since.length !== 2) {
    return library('internal/process/per_thread').hrtime(since); // throws what Node throws
  }
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

const members = {
  title: 'resty-polyglot',
  version: `v${NODE_VERSION}`,
  versions: {
    node: NODE_VERSION,
    modules: MODULES_ABI,
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
  _exiting: false,
  execPath: 'resty-polyglot',
  config: Object.freeze({
    target_defaults: Object.freeze({ default_configuration: 'Release' }),
    variables: Object.freeze({
      node_module_version: Number(MODULES_ABI),
      v8_enable_i18n_support: 1,
    }),
  }),
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
    if (!process._exiting) {
      turns.nextTick(callback, args);
    }
  },

  cwd: () => facts.currentFolder(),
  uptime: () => Number(BigInt(facts.nanos()) - started) / Number(NANOS_PER_SECOND),
  hrtime,
  memoryUsage,
  availableMemory: () => facts.memory()[4],
  constrainedMemory: () => facts.memory()[5],
  getBuiltinModule(name) {
    if (typeof name !== 'string') {
      library('internal/validators').validateString(name, 'id');
    }
    return require('builtins').getBuiltinModule(name);
  },

  openStdin: () => process.stdin.resume(),

  emitWarning(...args) {
    becomeEmitter();
    library('internal/process/warning').emitWarning(...args);
  },

  _rawDebug: (...args) => log.warn(library('internal/util/inspect').format(...args)),

  exit: refuse('exit', 'throw an error to fail the call'),
  reallyExit: refuse('reallyExit', 'throw an error to fail the call'),
  abort: refuse('abort', 'throw an error to fail the call'),
  chdir: refuse('chdir', "the current folder is the whole worker's"),
  binding: refuse('binding', 'there is no native layer'),
  dlopen: refuse('dlopen', 'native addons are not supported'),
  execve: refuse('execve', "the process is nginx's"),
  threadCpuUsage: refuse('threadCpuUsage', 'a runtime has no thread of its own'),
};

for (const id of ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups']) {
  members[id] = refuse(id, "the process is nginx's");
}

/** Values that are made when they are first asked for. */
const LAZY = {
  env: () => require('environment').get(),
  stdout: () => require('output').makeStream((line) => log.info(line), 1),
  stderr: () => require('output').makeStream((line) => log.warn(line), 2),
  stdin: () => library('stream').Readable.from([]),
  ...fromLibrary.lazy,
};

for (const id of ['getuid', 'geteuid', 'getgid', 'getegid']) {
  members[id] = () => library('os').userInfo()[id.slice(-3)];
}

// ---- its events: an EventEmitter's, once somebody asks for one of them -------------------------

const EMITTER_METHODS = [
  'on once off addListener removeListener prependListener prependOnceListener removeAllListeners emit',
  'listeners rawListeners listenerCount eventNames setMaxListeners getMaxListeners',
].flatMap((line) => line.split(' '));

const { prototype } = class process {};
const process = Object.create(prototype);
let isEmitter = false;

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
  require('rejections').processEvents = exports;
  process.on('warning', showWarning);
}

/** There from the start, as in Node. */
function showWarning(warning) {
  if (process.env.NODE_NO_WARNINGS !== '1') {
    library('internal/process/warning').onWarning(warning);
  }
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

const isListened = (event) => isEmitter && process.listenerCount(event) > 0;

exports.becomeEmitter = becomeEmitter;
exports.isListened = isListened;

/** Returns whether somebody listens. */
exports.emitIfListened = (event, args) => isListened(event) && process.emit(event, ...args);

Object.assign(process, members, fromLibrary.members);

let exitCode;

/** Remembered, and checked as in Node; there is no exit. */
Object.defineProperty(process, 'exitCode', {
  get: () => exitCode,
  set(code) {
    const isText = typeof code === 'string' && code !== '' && !Number.isNaN(Number(code));
    const value = isText ? Number(code) : code;
    if (value !== undefined && value !== null && !Number.isSafeInteger(value)) {
      library('internal/validators').validateInteger(value, 'code');
    }
    exitCode = value ?? undefined;
  },
  enumerable: true,
});
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
