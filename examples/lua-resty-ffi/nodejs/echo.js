/**
 * Echo in the form of lua-resty-ffi's Node loader: a Worker polls for tasks, and this context answers
 * them. In our own form it is demo/echo.js.
 */
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const ffi = require('resty_ffi');

if (isMainThread) {
  exports.init = (config, queue) => {
    const poller = new Worker(__filename);
    poller.on('message', (task) => ffi.respond(task, 0, ffi.get_req(task)));
    poller.postMessage(queue);
    return 0;
  };
} else {
  parentPort.once('message', (queue) => {
    let task = ffi.poll_task(queue);
    while (task != 0) {
      parentPort.postMessage(task);
      task = ffi.poll_task(queue);
    }
    console.log('the poller ends');
  });
}
