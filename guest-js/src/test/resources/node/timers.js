const timers = require('timers');
process.removeAllListeners('warning');

const log = (...args) => console.log(...args);
const keys = (timer) => Object.keys(timer).join(' ');

/** What each of them has done; in which order among each other depends on the machine. */
const done = { repeated: [], ended: [], item: [], refreshed: [] };

const timeout = setTimeout(() => {}, 3, 1, 2);
log(keys(timeout), timeout._timerArgs, timeout._repeat, timeout._idleTimeout, Boolean(timeout._idleNext));
log(timeout[Symbol.for('nodejs.dispose')] === timeout[Symbol.dispose], timeout.hasRef());
timeout[Symbol.dispose]();
log(timeout._destroyed, timeout._idleTimeout, timeout._idleNext, timeout._onTimeout);
log(keys(setImmediate(() => {})));

const interval = setInterval(() => log('never'), 1);
clearInterval(String(+interval));
const other = setInterval(() => log('never'), 1);
other.close();

// A timeout that becomes an interval, and an interval that ends by its properties.
const repeated = setTimeout(() => {
  done.repeated.push(repeated._repeat);
  if (repeated._repeat) {
    clearInterval(repeated);
  }
  repeated._repeat = 1;
}, 1);
const ended = setInterval(() => {
  done.ended.push(ended._idleTimeout);
  ended._idleTimeout = -1;
}, 1);

// Any object may be a timer.
const item = {
  count: 0,
  _onTimeout() {
    done.item.push([++item.count, item._idleTimeout]);
    if (item.count < 3) {
      timers.active(item);
    }
  },
};
timers.enroll(item, 2);
timers.active(item);
log(Number.isInteger(item._idleStart), Boolean(item._idleNext));
const gone = { _onTimeout: () => log('never') };
timers.enroll(gone, 1);
timers._unrefActive(gone);
timers.unenroll(gone);
for (const time of ['a', -1, Infinity, NaN, {}]) {
  try {
    timers.enroll({}, time);
  } catch (error) {
    log(error.name, error.code, error.message);
  }
}
for (const bogus of [{ _idleTimeout: -1 }, {}]) {
  timers.active(bogus);
  log(Object.keys(bogus).length);
}

// What is started anew from inside.
let rounds = 0;
const refreshed = setTimeout(() => {
  done.refreshed.push(++rounds);
  if (rounds < 2) {
    refreshed.refresh();
  }
}, 1);

const resources = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

const watch = setInterval(() => {
  const { repeated: two, ended: one, item: three, refreshed: also } = done;
  if (two.length < 2 || one.length < 1 || three.length < 3 || also.length < 2) {
    return;
  }
  clearInterval(watch);
  log(JSON.stringify(done));
  const before = resources();
  const more = setTimeout(() => {}, 1000);
  log('more', resources() - before);
  more.unref();
  log('more', resources() - before);
  more.ref();
  clearTimeout(more);
  log('more', resources() - before);
}, 5);
