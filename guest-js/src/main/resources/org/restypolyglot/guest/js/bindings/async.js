/** Frames of AsyncLocalStorage, ids of asynchronous resources, microtasks. */
'use strict';

const { getFrame, setFrame, enqueueMicrotask, runMicrotasks } = require('intrinsics');
const { useFrames } = require('turns');
const { asyncWrap, promiseRejectEvents } = require('node-constants');

exports.async_context_frame = {
  getContinuationPreservedEmbedderData: getFrame,
  setContinuationPreservedEmbedderData(frame) {
    useFrames();
    setFrame(frame);
  },
};

exports.async_wrap = {
  ...asyncWrap,
  setupHooks() {},
  setCallbackTrampoline() {},
  setPromiseHooks() {},
  getPromiseHooks: () => [undefined, undefined, undefined, undefined],
  registerDestroyHook() {},
  queueDestroyAsyncId() {},
  pushAsyncContext() {},
  popAsyncContext: () => false,
  clearAsyncIdStack() {},
  executionAsyncResource: () => undefined,
  async_hook_fields: new Uint32Array(9),
  async_id_fields: Float64Array.of(1, 0, 1, -1),
  async_ids_stack: new Float64Array(32),
  execution_async_resources: [],
};

exports.task_queue = {
  enqueueMicrotask,
  runMicrotasks,
  setTickCallback() {},
  setPromiseRejectCallback() {},
  tickInfo: new Int32Array(2),
  promiseRejectEvents,
};
