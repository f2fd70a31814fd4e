/**
 * `process.env`: a copy of the worker's, whose changes stay in this context; or one that contexts
 * share, as their Workers were started with SHARE_ENV.
 */
'use strict';

const { environment: variables, worker } = host;
const isWorker = worker !== undefined;

let proxy;

/** What the proxy is of: the variables as this context knows them. */
const known = {};

/** Whether others may change the variables; -1 until then. */
let version = -1;

function invalid(why) {
  return Object.assign(new TypeError(`'process.env' ${why}`), {
    code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY',
  });
}

function load() {
  const pairs = Array.from(variables.pairs());
  for (const name of Object.keys(known)) {
    delete known[name];
  }
  for (let i = 0; i < pairs.length; i += 2) {
    known[pairs[i]] = pairs[i + 1];
  }
}

/** Takes over what others have changed. */
function refresh() {
  const now = variables.version();
  if (now !== version) {
    version = now;
    load();
  }
}

const handler = {
  /** Each value is a string, whatever it is set to. */
  defineProperty(env, name, descriptor) {
    if (typeof name === 'symbol') {
      throw new TypeError('Cannot convert a Symbol value to a string');
    }
    if ('get' in descriptor || 'set' in descriptor) {
      throw invalid('does not accept an accessor(getter/setter) descriptor');
    }
    const isNew = !Object.hasOwn(env, name);
    const { value, writable = !isNew, enumerable = !isNew, configurable = !isNew } = descriptor;
    if (!writable || !enumerable || !configurable) {
      throw invalid('only accepts a configurable, writable, and enumerable data descriptor');
    }
    const text = `${value}`;
    if (version >= 0) {
      variables.set(name, text);
    }
    return Reflect.defineProperty(env, name, { value: text, writable, enumerable, configurable });
  },
};

/** What the proxy does besides once the variables are shared. */
const SHARED = {
  deleteProperty(env, name) {
    if (typeof name === 'string') {
      variables.delete(name);
    }
    return Reflect.deleteProperty(env, name);
  },
};
for (const trap of ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor']) {
  SHARED[trap] = (env, ...args) => {
    refresh();
    return Reflect[trap](env, ...args);
  };
}

exports.get = () => {
  if (proxy === undefined) {
    load();
    proxy = new Proxy(known, handler);
    if (isWorker) {
      startSharing(); // maybe with the one that has started it
    }
  }
  return proxy;
};

exports.isEnvironment = (value) => value !== undefined && value === proxy;

/** Java's variables of another context: `env`'s. */
exports.copyOf = (env) => variables.create(Object.entries(env).flat());

/** Java's variables of this context, from now on shared with the one that gets them. */
exports.share = () => {
  const env = exports.get();
  if (version < 0) {
    publish(env);
    startSharing();
  }
  return variables;
};

/** What was changed here while nobody else looked. */
function publish(env) {
  const pairs = Array.from(variables.pairs());
  for (let i = 0; i < pairs.length; i += 2) {
    if (!Object.hasOwn(env, pairs[i])) {
      variables.delete(pairs[i]);
    }
  }
  for (const [name, value] of Object.entries(env)) {
    variables.set(name, value);
  }
}

/** The variables are somebody else's, too. */
function startSharing() {
  version = variables.version();
  Object.assign(handler, SHARED);
}
