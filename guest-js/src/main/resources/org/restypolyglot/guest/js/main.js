/**
 * What Java calls: load the user's module, dispose of it. Calls go to the dispatch function that
 * load hands over.
 */
'use strict';

const { lifecycle } = host;
const { explain } = require('failures');
const { run } = require('turns');

require('globals').install();
require('rejections').install();

/** The exports of the user's module, once it is loaded. */
let userModule;

let pollsItself = false;

/** How long the Workers of a module that polls itself may take to end, when polling has ended. */
const WORKERS_END_MILLIS = 1000;

async function loadHandler(file, entry, config) {
  const { loadMain } = require('modules');
  const { startHandler } = require('handlers');
  try {
    const { exports: found, pending } = loadMain(file);
    userModule = pending === undefined ? found : await pending;
    const { polls, dispatch, wantsBytes } = await startHandler(userModule, file, entry, config);
    pollsItself = polls === true;
    if (pollsItself) {
      lifecycle.polling();
    } else {
      lifecycle.loaded(dispatch, wantsBytes);
    }
  } catch (error) {
    const { rc, message, stack } = explain(error);
    lifecycle.loadFailed(rc, message, stack);
  }
}

async function disposeHandler() {
  const { ownerOf } = require('members');
  try {
    const owner = ownerOf(userModule, 'dispose');
    if (typeof owner?.dispose === 'function') {
      await owner.dispose();
    }
    if (pollsItself) {
      await require('bindings/worker').whenAllEnded(WORKERS_END_MILLIS);
    }
    lifecycle.disposed();
  } catch (error) {
    const { rc, message, stack } = explain(error);
    lifecycle.disposeFailed(rc, message, stack);
  }
}

/** In a Worker: starts it; whether it has nothing to do any more; its exit code. */
exports.startWorker = () => {
  run(() => require('worker-main').start());
};
exports.isWorkerIdle = () => require('worker-main').isIdle();
exports.exitWorker = () => require('worker-main').exit();

/** Loads `file` and calls its `entry`; tells the host how that came out, now or later. */
exports.load = (file, entry, config) => {
  run(() => void loadHandler(file, entry, config));
};

/** Calls the module's `dispose`, if it has one; tells the host when that is done. */
exports.dispose = () => {
  run(() => void disposeHandler());
};
