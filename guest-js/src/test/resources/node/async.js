// What comes when is not what is tested here, so all lines are sorted at the end.
const lines = []; const print = (...x) => lines.push(require('util').format(...x));
const { AsyncLocalStorage, AsyncResource, executionAsyncId, triggerAsyncId, createHook } = require('async_hooks');
const dc = require('diagnostics_channel'), { performance, PerformanceObserver, createHistogram } = require('perf_hooks'), EventEmitter = require('events');
const als = new AsyncLocalStorage(), other = new AsyncLocalStorage();
const show = (w) => print(w, als.getStore(), other.getStore());
als.run('A', () => {
  show('sync'); setTimeout(() => show('timeout'), 2); setImmediate(() => show('immediate')); process.nextTick(() => show('tick')); queueMicrotask(() => show('micro')); Promise.resolve().then(() => show('then'));
  (async () => { await null; show('await'); other.enterWith('O'); show('entered'); await new Promise((r) => setTimeout(r, 5)); show('await 2'); })();
  als.run('B', () => { show('nested'); setTimeout(() => show('nested timeout'), 3); als.exit(() => show('exit')); }); show('back');
});
show('outside');
const snap = als.run('S', () => AsyncLocalStorage.snapshot()); snap(() => show('snapshot')); const bound = als.run('bound', () => AsyncLocalStorage.bind((x) => show(x))); bound('bind');
const res = als.run('R', () => new AsyncResource('MY')); res.runInAsyncScope(() => show('resource')); print(typeof res.asyncId(), res.type); const e = new EventEmitter(); e.on('x', () => show('emitter')); als.run('E', () => e.emit('x'));
const p = als.run('P', () => new Promise((r) => setTimeout(r, 4))); p.then(() => show('outside then')); als.run('thenable', async () => { await { then(r) { show('in then'); r(); } }; show('after thenable'); });
setTimeout(() => { als.enterWith('leak?'); show('entered'); }, 6); setTimeout(() => show('next timer'), 12); als.run('X', () => als.disable()); show('disabled');
const ch = dc.channel('c'); const sub = (m, n) => print('dc', m, n); ch.subscribe(sub); ch.publish({ a: 1 }); print(ch.hasSubscribers, dc.hasSubscribers('c'), dc.unsubscribe('c', sub), ch.hasSubscribers); const tc = dc.tracingChannel('t'); tc.subscribe({ start: (m) => print('start', m), end: (m) => print('end', m.result), error: () => {} }); print(tc.traceSync((x) => x + 1, { ctx: 1 }, null, 4)); ch.bindStore(als, (d) => d.s); ch.runStores({ s: 'st' }, () => show('stores'));
print(performance.now() > 0, typeof performance.timeOrigin, performance.mark('m').name, performance.measure('x', 'm').entryType, performance.getEntriesByType('mark').length, typeof performance.toJSON().timeOrigin, performance === globalThis.performance);
const h = createHistogram(); h.record(5); h.record(10); h.record(100); print(h.min, h.max, h.mean, h.count, h.percentile(50)); const po = new PerformanceObserver((l) => { print('observed', l.getEntries().map((x) => x.name)); po.disconnect(); }); po.observe({ entryTypes: ['mark'] }); performance.mark('obs'); print(performance.timerify((a) => a * 2)(4));
setTimeout(() => console.log(lines.sort().join('\n')), 700);

// Deeper than the stack of ids is at first.
{
  const deep = new (require('async_hooks').AsyncResource)('deep');
  const { executionAsyncId } = require('async_hooks');
  const outside = executionAsyncId();
  function deeper(rest) {
    return deep.runInAsyncScope(() => (rest === 0 ? executionAsyncId() === deep.asyncId() : deeper(rest - 1)));
  }
  console.log(deeper(40), executionAsyncId() === outside);
}
