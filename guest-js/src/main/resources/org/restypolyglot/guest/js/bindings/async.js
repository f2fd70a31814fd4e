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

const { kStackLength, kExecutionAsyncId, kTriggerAsyncId } = asyncWrap.constants;
const fields = new Uint32Array(9);
const ids = Float64Array.of(1, 0, 1, -1);
const resources = [];

/** The library does this itself, as long as the stack is large enough. */
function pushAsyncContext(asyncId, triggerAsyncId) {
  const { async_wrap: wrap } = exports;
  const at = fields[kStackLength]++ * 2;
  if (at >= wrap.async_ids_stack.length) {
    const larger = new Float64Array(wrap.async_ids_stack.length * 2);
    larger.set(wrap.async_ids_stack);
    wrap.async_ids_stack = larger;
  }
  wrap.async_ids_stack[at] = ids[kExecutionAsyncId];
  wrap.async_ids_stack[at + 1] = ids[kTriggerAsyncId];
  ids[kExecutionAsyncId] = asyncId;
  ids[kTriggerAsyncId] = triggerAsyncId;
}

function clearAsyncIdStack() {
  fields[kStackLength] = 0;
  ids[kExecutionAsyncId] = 0;
  ids[kTriggerAsyncId] = 0;
  resources.length = 0;
}

exports.async_wrap = {
  ...asyncWrap,
  setupHooks() {},
  setCallbackTrampoline() {},
  setPromiseHooks() {},
  getPromiseHooks: () => [undefined, undefined, undefined, undefined],
  registerDestroyHook() {},
  queueDestroyAsyncId() {},
  pushAsyncContext,
  popAsyncContext: () => false,
  clearAsyncIdStack,
  executionAsyncResource: () => undefined,
  async_hook_fields: fields,
  async_id_fields: ids,
  async_ids_stack: new Float64Array(32),
  execution_async_resources: resources,
};

exports.task_queue = {
  enqueueMicrotask,
  runMicrotasks,
  setTickCallback() {},
  setPromiseRejectCallback() {},
  tickInfo: new Int32Array(2),
  promiseRejectEvents,
};
