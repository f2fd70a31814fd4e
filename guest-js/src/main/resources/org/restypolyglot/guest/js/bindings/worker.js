/** Workers as Node's C++ has them: what this context is, and the handle of one that it starts. */
'use strict';

const { messaging, workers, worker: self } = host;
const { createOn } = require('bindings/message-port');
const { isKnown } = require('bindings/options');
const loop = require('loop');

const LIMITS = [
  'kMaxYoungGenerationSizeMb',
  'kMaxOldGenerationSizeMb',
  'kCodeRangeSizeMb',
  'kStackSizeMb',
];

/** What Node has where none is given. */
const DEFAULTS = [48, 4096, 0, 4];
const STACK = 3;

let port;

/** The Workers that run. */
const running = new Set();

/** Who waits until there are none. */
const waiting = new Set();

class Worker {
  #held = false;
  #ref = true;
  #running = false;
  #thread;
  #env;
  #execArgv;
  #limits;
  #end;

  constructor(url, env, execArgv, limits, trackUnmanagedFds, isInternal, name) {
    const unknown = (list) => list.filter((option) => !isKnown(option));
    const bad = unknown(execArgv ?? []);
    const inEnvironment = unknown(env?.NODE_OPTIONS?.split(' ').filter(Boolean) ?? []);
    if (bad.length > 0 || inEnvironment.length > 0) {
      this.invalidExecArgv = bad.length > 0 ? bad : undefined;
      this.invalidNodeOptions = inEnvironment;
      return;
    }
    const environment = require('environment');
    this.#execArgv = execArgv ?? require('process').process.execArgv;
    this.#env =
      env === undefined
        ? environment.share()
        : environment.copyOf(env === null ? environment.get() : env);
    this.#limits = Array.from(limits, (limit, i) => (limit > 0 ? limit : DEFAULTS[i]));
    this.stackMegabytes = limits[STACK] > 0 ? limits[STACK] : 0;
    const [end, other] = Array.from(messaging.channel());
    this.messagePort = createOn(end);
    this.#end = other;
    this.threadId = workers.newThreadId();
    this.threadName = name === '' ? 'WorkerThread' : name;
  }

  startThread() {
    this.#running = true;
    running.add(this);
    this.#update();
    const ended = loop.callback((code, error, reason) => {
      this.#running = false;
      this.#update();
      running.delete(this);
      if (running.size === 0) {
        waiting.forEach((done) => done());
      }
      this.onexit?.(code, error, reason);
    });
    this.#thread = workers.start(
      this.threadId,
      this.threadName,
      this.#end,
      this.#env,
      this.#execArgv.join('\0'),
      this.stackMegabytes,
      this.#limits,
      ended,
    );
  }

  stopThread() {
    this.#thread?.stop();
  }

  #update() {
    const wanted = this.#running && this.#ref;
    if (wanted !== this.#held) {
      this.#held = wanted;
      if (wanted) {
        loop.hold();
      } else {
        loop.release();
      }
    }
  }

  ref() {
    this.#ref = true;
    this.#update();
  }

  unref() {
    this.#ref = false;
    this.#update();
  }

  hasRef() {
    return this.#running && this.#ref;
  }

  getResourceLimits() {
    return Float64Array.from(this.#limits);
  }

  loopStartTime() {
    return -1;
  }

  loopIdleTime() {
    return 0;
  }
}

for (const [name, method] of Object.entries({
  takeHeapSnapshot: 'getHeapSnapshot',
  getHeapStatistics: 'getHeapStatistics',
  cpuUsage: 'cpuUsage',
  startCpuProfile: 'startCpuProfile',
})) {
  Worker.prototype[name] = () => {
    throw require('failures').notSupported(`worker.${method}()`);
  };
}

Object.assign(exports, {
  Worker,
  isMainThread: self === undefined,
  isInternalThread: false,
  ownsProcessState: false,
  threadId: self === undefined ? 0 : self.threadId(),
  threadName: self === undefined ? '' : self.name(),
  resourceLimits: Float64Array.from(self === undefined ? DEFAULTS : Array.from(self.limits())),
  kTotalResourceLimitCount: LIMITS.length,

  /** When no Worker of this context runs any more, or `millis` are over. */
  async whenAllEnded(millis) {
    if (running.size > 0) {
      const { setTimeout, clearTimeout } = require('timers').api;
      let timer;
      await new Promise((done) => {
        waiting.add(done);
        timer = setTimeout(done, millis);
      });
      clearTimeout(timer);
      waiting.clear();
    }
  },

  /** Inside of a Worker, its port to who has started it. */
  getEnvMessagePort() {
    if (port === undefined && self !== undefined) {
      port = createOn(self.port());
    }
    return port;
  },
});

LIMITS.forEach((name, i) => {
  exports[name] = i;
});
