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
  'internal/process/permission': () => ({ isEnabled: () => false, has: () => true }),
  'internal/error_serdes': () => require('error-messages'),
  // Not the library's: see bundle.mjs.
  'internal/message_event': () => require('message-event'),
  // There is no terminal. What a stream can show is asked of these classes, too.
  tty(requireNode) {
    const { getColorDepth, hasColors } = requireNode('internal/tty');
    const refuse = (name) =>
      class {
        constructor() {
          throw notSupported(`tty.${name}`);
        }
      };
    const [ReadStream, WriteStream] = ['ReadStream', 'WriteStream'].map(refuse);
    Object.assign(WriteStream.prototype, { getColorDepth, hasColors, isTTY: true });
    return { isatty: () => false, ReadStream, WriteStream };
  },
  // The library writes its warnings as errors.
  'internal/console/global': () => {
    const { console } = require('console');
    return Object.create(console, { error: { value: console.warn } });
  },
  // Asked for a second global object, to have functions that no user has changed.
  vm: () => ({ runInNewContext: () => globalThis }),
  'internal/source_map/source_map_cache': () => ({
    getSourceMapsSupport: () => ({ enabled: false }),
    findSourceMap() {},
    getSourceLine() {},
  }),
  'internal/v8/startup_snapshot': () => ({
    isBuildingSnapshot: () => false,
    throwIfBuildingSnapshot() {},
    addAfterUserSerializeDeserializeSnapshot() {},
    addDeserializeCallback() {},
    addSerializeCallback() {},
    namespace: { isBuildingSnapshot: () => false, addDeserializeCallback() {} },
  }),
};
