/** The inside of a Worker: its start, its process, its end. As Node's internal/main/worker_thread. */
'use strict';

const { modules: files, worker: self } = host;
const library = require('node').requireNode;
const loop = require('loop');
const turns = require('turns');
const { process } = require('process');
const { notSupported } = require('failures');

const { exitContext } = require('intrinsics');
const { valueOf } = require('bindings/options');
const { exitCodes } = require('node-constants');

const DEFAULT_UMASK = 0o22;

const EVAL_NAME = '[worker eval]';

/** What Node refuses in Workers. */
const UNSUPPORTED = [
  'abort chdir send disconnect initgroups setegid seteuid setgid setgroups setuid',
].flatMap((line) => line.split(' '));

const workerIo = library('internal/worker/io');
const { getEnvMessagePort } = require('bindings').get('worker');
const { messageTypes, kStdioWantsMoreDataCallback } = workerIo;
const port = getEnvMessagePort();

/** Whether the main module awaits something at its top level still. */
let loading = false;

function exit(code) {
  if (code !== undefined) {
    process.exitCode = code;
  }
  if (!process._exiting) {
    process._exiting = true;
    process.emit('exit', process.exitCode ?? 0);
  }
  process.reallyExit(process.exitCode ?? 0);
}

/** An exception that nobody has caught; Node's name for what a user may replace. */
function fatal(error, origin) {
  if (typeof process._fatalException !== 'function') {
    process.reallyExit(exitCodes.kInvalidFatalExceptionMonkeyPatching);
  }
  process._fatalException(error, origin === 'unhandledRejection');
}

/** Its end, of which the parent is told; true where somebody listens. */
function fatalException(error, fromPromise) {
  let cause = error;
  try {
    const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
    if (require('process').emitIfListened('uncaughtException', [error, origin])) {
      return true;
    }
    if (!process._exiting) {
      process._exiting = true;
      process.exitCode = exitCodes.kGenericUserError;
      process.emit('exit', process.exitCode);
    }
  } catch (again) {
    cause = again;
    process._exiting = true;
    process.exitCode = exitCodes.kGenericUserError;
  }
  let serialized;
  try {
    serialized = library('internal/error_serdes').serializeError(cause);
    port.postMessage({ type: messageTypes.ERROR_MESSAGE, error: serialized });
  } catch {
    port.postMessage({ type: messageTypes.COULD_NOT_SERIALIZE_ERROR });
  }
  process.reallyExit(process.exitCode);
  return false;
}

function prepareProcess() {
  const { codes } = library('internal/errors');
  for (const name of UNSUPPORTED) {
    process[name] = Object.assign(
      () => {
        throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}()`);
      },
      { disabled: true },
    );
  }
  for (const name of ['title', 'debugPort']) {
    const value = process[name];
    Object.defineProperty(process, name, { get: () => value, set() {}, configurable: true });
  }
  if (process.env.NODE_CHANNEL_FD !== undefined) {
    for (const name of ['channel', 'connected']) {
      Object.defineProperty(process, name, {
        get() {
          throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}`);
        },
        configurable: true,
      });
    }
  }
  process.umask = (mask) => {
    if (mask !== undefined) {
      throw new codes.ERR_WORKER_UNSUPPORTED_OPERATION('Setting process.umask()');
    }
    return DEFAULT_UMASK;
  };
  process.traceProcessWarnings = valueOf('--trace-warnings');
  process.traceDeprecation = valueOf('--trace-deprecation');
  process.throwDeprecation = valueOf('--throw-deprecation');
  process.noDeprecation = valueOf('--no-deprecation');
  process._fatalException = fatalException;
  process.exit = exit;
  process.reallyExit = (code) => {
    exitContext(Number(code) | 0);
  };
  process.execArgv = self.execArgv() === '' ? [] : self.execArgv().split('\0');
  const streams = workerIo.createWorkerStdio();
  for (const [name, stream] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value: stream, writable: true, configurable: true });
  }
}

/** console writes to the log, but where the parent has asked for what it writes. */
function connectConsole(hasStdout, hasStderr) {
  if (hasStdout || hasStderr) {
    require('console').writeTo(
      hasStdout ? process.stdout : undefined,
      hasStderr ? process.stderr : undefined,
    );
  }
}

function load({
  argv,
  filename,
  doEval,
  workerData,
  environmentData,
  publicPort,
  mainThreadPort,
  hasStdin,
  hasStdout,
  hasStderr,
}) {
  port.unref();
  if (argv !== undefined) {
    process.argv.push(...argv);
  }
  const threads = library('worker_threads');
  threads.parentPort = publicPort;
  threads.workerData = workerData;
  library('internal/worker').assignEnvironmentData(environmentData);
  library('internal/worker/messaging').setupMainThreadPort(mainThreadPort);
  if (!hasStdin) {
    process.stdin.push(null);
  }
  connectConsole(hasStdout, hasStderr);
  port.postMessage({ type: messageTypes.UP_AND_RUNNING });
  const pending = runMain(doEval, filename);
  if (pending !== undefined) {
    loading = true;
    pending.then(
      () => {
        loading = false;
      },
      (error) => {
        loading = false;
        require('rejections').uncaught(error, 'uncaughtException');
      },
    );
  }
}

/** Returns a promise where the module is an ES module. */
function runMain(doEval, filename) {
  const modules = require('modules');
  if (doEval === 'data-url') {
    process.argv.splice(1, 0, filename);
    return require('esm').importUrl(filename);
  }
  if (doEval === 'classic') {
    process.argv.splice(1, 0, EVAL_NAME);
    return valueOf('--input-type') === 'module' ? importText(filename) : evaluate(filename, modules);
  }
  process.argv.splice(1, 0, filename);
  return modules.loadMain(modules.resolveMain(filename)).pending;
}

const importText = (text) =>
  require('esm').importUrl(`data:text/javascript,${encodeURIComponent(text)}`);

/** What a text in the global scope has as a module would; it may declare the names itself. */
const GLOBALS = ['module', 'exports', '__dirname', 'require']
  .map((name) => `globalThis.${name} = ${name};`)
  .join(' ');

/** As Node, a script in the global scope; a text that is an ES module by its syntax is run as one. */
function evaluate(text, { Module }) {
  const module = new Module(EVAL_NAME);
  module.filename = `${process.cwd()}/${EVAL_NAME}`;
  module.paths = Module._nodeModulePaths(process.cwd());
  module.path = process.cwd();
  module._compile(GLOBALS, `${EVAL_NAME}-wrapper`);
  globalThis.__filename = EVAL_NAME;
  try {
    files.runScript(text, EVAL_NAME);
  } catch (error) {
    const isPlain =
      valueOf('--input-type') === 'commonjs' || !valueOf('--experimental-detect-module');
    if (!isPlain && error instanceof SyntaxError && require('syntax').isAboutModules(error)) {
      return importText(text);
    }
    throw error;
  }
  return undefined;
}

function onMessage(message) {
  switch (message.type) {
    case messageTypes.LOAD_SCRIPT:
      load(message);
      break;
    case messageTypes.STDIO_PAYLOAD:
      message.chunks.forEach(({ chunk, encoding }) =>
        process[message.stream].push(chunk, encoding),
      );
      break;
    case messageTypes.STDIO_WANTS_MORE_DATA:
      process[message.stream][kStdioWantsMoreDataCallback]();
      break;
    default:
      throw notSupported(`a message "${message.type}" to a Worker`);
  }
}

/** Waits for what to run. */
exports.start = () => {
  prepareProcess();
  require('rejections').setFatal(fatal);
  port.on('message', onMessage);
  // Node says nothing and never runs the script, of which nobody would ever know.
  port.on('messageerror', (error) => require('rejections').uncaught(error));
  port.start();
};

/** Nothing waits in Java: whether the Worker is at its end. */
exports.isIdle = () => {
  if (loop.holds() > 0) {
    return false;
  }
  turns.run(() => {
    try {
      require('process').emitIfListened('beforeExit', [process.exitCode ?? 0]);
    } catch (error) {
      require('rejections').uncaught(error);
    }
  });
  return loop.holds() === 0;
};

/** The last turn; returns the exit code. */
exports.exit = () => {
  if (loading) {
    process.exitCode ??= exitCodes.kUnsettledTopLevelAwait;
  }
  turns.run(() => {
    process._exiting = true;
    try {
      process.emit('exit', process.exitCode ?? 0);
    } catch (error) {
      require('rejections').uncaught(error);
    }
  });
  return Number(process.exitCode ?? 0) | 0;
};
