/**
 * `require('resty_ffi')`: the task queue for modules that poll for their tasks themselves, as
 * lua-resty-ffi's Node loader has it. Handles of queues and tasks are BigInts.
 */
'use strict';

const { queue, worker } = host;
const { queueHandle, pollTask, requestOfTask, respondToTask } = require('intrinsics');
const { codedError, typeName } = require('failures');

/** What an init gets as its second argument. */
const own = queueHandle(queue);

function badArgument(name, expected, value) {
  return Object.assign(
    new TypeError(`The "${name}" argument must be ${expected}. Received ${typeName(value)}`),
    { code: 'ERR_INVALID_ARG_TYPE' },
  );
}

function requireHandle(value, name) {
  if (typeof value !== 'bigint') {
    throw badArgument(name, 'of type bigint', value);
  }
}

const isBytes = (value) =>
  ArrayBuffer.isView(value) ||
  Object.prototype.toString.call(value) === '[object ArrayBuffer]' ||
  Object.prototype.toString.call(value) === '[object SharedArrayBuffer]';

exports.api = {
  /** Blocks until there is a task; 0n: the runtime is unloaded. Any other queue is unloaded. */
  poll_task(tq) {
    requireHandle(tq, 'tq');
    if (worker === undefined) {
      throw codedError(
        'ERR_POLL_IN_MAIN_CONTEXT',
        'resty_ffi.poll_task() blocks, so it is for Workers of node:worker_threads only: ' +
          "the runtime's own context has to go on",
      );
    }
    return tq === own ? pollTask(queue) : 0n;
  },

  /** The request as text; null for a nil request. */
  get_req(task) {
    requireHandle(task, 'task');
    return requestOfTask(queue, task);
  },

  /** Answers a task, once: `rc` 0 for success, then text, bytes, or nothing for nil. */
  respond(task, rc, data) {
    requireHandle(task, 'task');
    if (!Number.isInteger(rc) || rc !== (rc | 0)) {
      throw badArgument('rc', 'a 32-bit integer', rc);
    }
    if (typeof data === 'string') {
      respondToTask(queue, task, rc, data.toWellFormed());
    } else if (data === undefined || data === null || isBytes(data)) {
      respondToTask(queue, task, rc, data);
    } else {
      throw badArgument('data', 'a string, Buffer, TypedArray, ArrayBuffer, null or undefined', data);
    }
  },
};
