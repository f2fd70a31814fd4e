/** What Node's process asks of C++. */
'use strict';

const { process: facts, log, modules: files } = host;

const WORD = 2n ** 32n;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MICRO = 1000;

const hrtimeBuffer = new Uint32Array(3);
const wholeNanos = new BigUint64Array(hrtimeBuffer.buffer, 0, 1);

function fill(target, values) {
  Array.from(values).forEach((value, index) => {
    target[index] = value;
  });
}

/** Sets what process.env does not have yet. */
function loadEnvFile(path = '.env') {
  const { process } = require('process');
  const { requireNode } = require('bindings');
  const file = requireNode('path').resolve(path);
  let text;
  try {
    text = files.read(file);
  } catch {
    const { UVException } = requireNode('internal/errors');
    throw new UVException({ errno: require('bindings/uv').UV_ENOENT, syscall: 'open', path });
  }
  for (const [name, value] of Object.entries(require('bindings/util').parseEnv(text))) {
    process.env[name] ??= value;
  }
}

Object.assign(exports, {
  hrtimeBuffer,

  /** Seconds in two words, then nanoseconds. */
  hrtime() {
    const now = BigInt(facts.nanos());
    const seconds = now / NANOS_PER_SECOND;
    fill(hrtimeBuffer, [seconds / WORD, seconds % WORD, now % NANOS_PER_SECOND].map(Number));
  },

  hrtimeBigInt() {
    wholeNanos[0] = BigInt(facts.nanos());
  },

  cpuUsage(target) {
    fill(
      target,
      Array.from(facts.cpuNanos(), (nanos) => Math.trunc(nanos / NANOS_PER_MICRO)),
    );
  },

  resourceUsage: (target) => fill(target, facts.resources()),
  rss: () => facts.memory()[0],
  _rawDebug: (text) => log.warn(text),
  loadEnvFile,
});
