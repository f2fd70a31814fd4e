/** Modules of Node's library that are others here: what they stand on is not there. */
'use strict';

const { notSupported } = require('failures');
const { isBuiltin } = require('builtin-names');

module.exports = {
  'internal/bootstrap/realm': () => ({
    BuiltinModule: {
      exists: (id) => id.startsWith('internal/') || isBuiltin(id),
      canBeRequiredByUsers: isBuiltin,
      canBeRequiredWithoutScheme: isBuiltin,
      normalizeRequirableId: (id) => (isBuiltin(id) ? id.replace(/^node:/, '') : undefined),
    },
  }),
  timers: () => require('timers').api,
  'internal/timers': () => require('timers').internal,
  'internal/process/task_queues': () => ({
    queueMicrotask: require('timers').queueMicrotask,
    nextTick: require('process').process.nextTick,
  }),
  'internal/process/per_thread': () => ({ platform: 'linux' }),
  'internal/worker/io': () => ({
    MessageChannel: class MessageChannel {
      constructor() {
        throw notSupported('MessageChannel');
      }
    },
  }),
  // Where the library writes its warnings.
  'internal/console/global': () => ({ error: require('console').console.warn }),
  // Asked for a second global object, to have functions that no user has changed.
  vm: () => ({ runInNewContext: () => globalThis }),
  'internal/source_map/source_map_cache': () => ({
    getSourceMapsSupport: () => ({ enabled: false }),
    findSourceMap() {},
    getSourceLine() {},
  }),
  // Which expression it was that assert found to be false: the engine does not tell.
  'internal/errors/error_source': () => ({
    getErrorSourceExpression() {},
    getErrorSourceLocation() {},
  }),
  'internal/v8/startup_snapshot': () => ({
    isBuildingSnapshot: () => false,
    addAfterUserSerializeDeserializeSnapshot() {},
    addDeserializeCallback() {},
    addSerializeCallback() {},
    namespace: { isBuildingSnapshot: () => false, addDeserializeCallback() {} },
  }),
};
