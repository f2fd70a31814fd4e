/** Clocks and histograms of node:perf_hooks. */
'use strict';

const { process: facts } = host;
const constants = require('node-constants').performance;
const { Histogram } = require('bindings/histogram');

const MILESTONES = 8;
const started = BigInt(facts.nanos());
const milestones = new Float64Array(MILESTONES).fill(-1);

milestones[constants.NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN_TIMESTAMP] = Date.now() * 1000;
for (const name of [
  'TIME_ORIGIN',
  'NODE_START',
  'V8_START',
  'ENVIRONMENT',
  'BOOTSTRAP_COMPLETE',
  'LOOP_START',
]) {
  milestones[constants[`NODE_PERFORMANCE_MILESTONE_${name}`]] = Number(started);
}

Object.assign(exports, {
  constants,
  milestones,
  Histogram,
  observerCounts: new Uint32Array(MILESTONES),
  now: () => Number(BigInt(facts.nanos()) - started) / 1e6,
  loopIdleTime: () => 0,
  uvMetricsInfo: () => [0, 0, 0],
  setupObservers(callback) {
    exports.observe = callback;
  },
  installGarbageCollectionTracking() {},
  removeGarbageCollectionTracking() {},
  notify() {},
  markBootstrapComplete() {},
  createELDHistogram() {
    throw Object.assign(
      new Error('ERR_NOT_SUPPORTED: perf_hooks.monitorEventLoopDelay is not supported here'),
      { code: 'ERR_NOT_SUPPORTED' },
    );
  },
});
