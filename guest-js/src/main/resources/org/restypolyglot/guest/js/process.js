/** The parts of Node's `process` that make sense in a worker of nginx. */
'use strict';

const { process: facts, log } = host;
const { codedError, explain } = require('failures');
const { events } = require('process-events');
const turns = require('turns');

/** What packages that ask for Node's version are told: the one whose behaviour is meant. */
const NODE_VERSION = '22.0.0';

const ARCHITECTURES = { amd64: 'x64', x86_64: 'x64', aarch64: 'arm64' };
const NANOS_PER_SECOND = 1_000_000_000n;

const started = BigInt(facts.nanos());

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
  return env;
}

function hrtime(since) {
  const now = BigInt(facts.nanos());
  const seconds = Number(now / NANOS_PER_SECOND);
  const nanos = Number(now % NANOS_PER_SECOND);
  if (since === undefined) {
    return [seconds, nanos];
  }
  const borrow = nanos < since[1] ? 1 : 0;
  return [seconds - since[0] - borrow, nanos - since[1] + borrow * Number(NANOS_PER_SECOND)];
}

hrtime.bigint = () => BigInt(facts.nanos());

const onProcess = (name) =>
  function (...args) {
    events[name](...args);
    return this;
  };

const process = {
  title: 'resty-polyglot',
  version: `v${NODE_VERSION}`,
  versions: { node: NODE_VERSION, 'resty-polyglot': facts.projectVersion() },
  release: { name: 'resty-polyglot' },
  platform: 'linux',
  arch: ARCHITECTURES[facts.architecture()] ?? facts.architecture(),
  pid: facts.pid(),
  argv: ['resty-polyglot'],
  execArgv: [],
  exitCode: undefined,

  nextTick(callback, ...args) {
    if (typeof callback !== 'function') {
      throw new TypeError(`the callback should be a function, got ${typeof callback}`);
    }
    turns.nextTick(callback, args);
  },

  cwd: () => facts.currentFolder(),
  uptime: () => Number(BigInt(facts.nanos()) - started) / Number(NANOS_PER_SECOND),
  hrtime,

  emitWarning(warning, type) {
    const name = typeof type === 'object' && type !== null ? type.type : type;
    log.warn(
      warning instanceof Error ? explain(warning).stack : `${name ?? 'Warning'}: ${warning}`,
    );
  },

  on: onProcess('on'),
  addListener: onProcess('on'),
  once: onProcess('once'),
  off: onProcess('off'),
  removeListener: onProcess('off'),
  removeAllListeners: onProcess('removeAll'),
  emit: (event, ...args) => events.emit(event, ...args),
  listeners: (event) => events.listeners(event),
  listenerCount: (event) => events.listeners(event).length,

  exit: refuse('exit', 'throw an error to fail the call'),
  reallyExit: refuse('reallyExit', 'throw an error to fail the call'),
  abort: refuse('abort', 'throw an error to fail the call'),
  kill: refuse('kill', 'signals belong to nginx'),
  chdir: refuse('chdir', "the current folder is the whole worker's"),
};

Object.defineProperty(process, 'env', {
  get() {
    const env = readEnvironment();
    Object.defineProperty(process, 'env', { value: env, writable: true });
    return env;
  },
  enumerable: true,
  configurable: true,
});

Object.defineProperty(process, Symbol.toStringTag, { value: 'process' });

exports.process = process;
