// Each step starts when the one before is done, and no order depends on how fast the machine is.
const log = (...x) => console.log(...x);
const step = (name, f) => new Promise((done) => { log('--', name); f(done); });
const tp = require('timers/promises');
process.on('unhandledRejection', (r, p) => log('unhandled', r.message, p instanceof Promise));
process.on('rejectionHandled', () => log('handled later'));
process.on('uncaughtException', (e, o) => log('uncaught', e.message, o));

process.nextTick(() => { log('tick 1'); process.nextTick(() => log('tick 1.1')); Promise.resolve().then(() => log('micro in tick')); queueMicrotask(() => log('queued in tick')); });
Promise.resolve().then(() => { log('micro 1'); process.nextTick(() => log('tick in micro')); Promise.resolve().then(() => log('micro in micro')).then(() => log('micro in micro 2')); });
process.nextTick((a, b) => log('tick 2', a, b), 'a', 'b');
queueMicrotask(() => log('queued'));
(async () => { log('async'); await null; log('after await'); await 0; log('after await 2'); })();
log('main is done');

(async () => {
  await tp.setTimeout(5);
  await step('timers', (done) => {
    setTimeout(() => { log('timeout 1'); process.nextTick(() => log('tick in timeout 1')); Promise.resolve().then(() => log('micro in timeout 1')); }, 1);
    setTimeout(() => log('timeout 1 too'), 1);
    setTimeout(() => log('timeout 80'), 80); setTimeout(() => { log('timeout 160'); done(); }, 160); setTimeout(() => log('timeout 40'), 40);
  });
  await step('immediates', (done) => setImmediate(() => {
    setImmediate(() => { log('imm 1'); process.nextTick(() => log('tick in imm')); Promise.resolve().then(() => log('micro in imm')); });
    setImmediate(() => { log('imm 2'); setImmediate(() => { log('imm in imm'); done(); }); });
    const cancelled = setImmediate(() => log('never')); clearImmediate(cancelled); setImmediate((a) => log('imm', a), 'arg');
  }));
  await step('immediate before timeout', (done) => setTimeout(() => { setTimeout(() => { log('timeout'); done(); }, 50); setImmediate(() => log('immediate')); process.nextTick(() => log('tick')); }, 1));
  await step('interval', (done) => { let n = 0; const i = setInterval((x) => { log('interval', x, ++n); if (n === 3) { clearInterval(i); done(); } }, 2, 'arg'); });
  await step('objects', (done) => {
    const t = setTimeout(() => log('never'), 5); log(t.hasRef(), t.unref() === t, t.hasRef(), t.ref().hasRef(), typeof +t, t.constructor.name); clearTimeout(+t);
    const r = setTimeout(() => { log('refreshed', r._destroyed); done(); }, 3); r.refresh(); clearTimeout('nothing'); clearTimeout(); clearImmediate(null);
  });
  await step('rejections', (done) => {
    const late = Promise.reject(new Error('late')); setTimeout(() => { late.catch(() => {}); setTimeout(done, 1); }, 3);
    Promise.reject(new Error('in time')).catch(() => log('caught in time'));
    const inTick = Promise.reject(new Error('tick')); process.nextTick(() => inTick.catch(() => log('caught in tick')));
    (async () => { throw new Error('async'); })();
  });
  await step('throws in a timer', (done) => { setTimeout(() => { throw new Error('timer'); }, 1); setTimeout(done, 20); });
  await step('throws in a tick', (done) => setTimeout(() => { process.nextTick(() => { throw new Error('tick'); }); process.nextTick(() => log('the next tick')); setTimeout(done, 1); }, 1));
  await step('throws in a microtask', (done) => setTimeout(() => { queueMicrotask(() => { throw new Error('micro'); }); queueMicrotask(() => log('the next')); setTimeout(done, 1); }, 1));
  await step('throws in an immediate', (done) => { setImmediate(() => { throw new Error('immediate'); }); setImmediate(() => { log('the next'); setTimeout(done, 1); }); });
  log(await tp.setTimeout(1, 'tp'), await tp.setImmediate('ti'), await tp.scheduler.wait(1));
  let n = 0; for await (const v of tp.setInterval(2, 'iv')) { log(v); if (++n === 2) break; }
  const ac = new AbortController(); setTimeout(() => ac.abort(), 1);
  try { await tp.setTimeout(100000, 0, { signal: ac.signal }); } catch (e) { log(e.name, e.code); }
  for (const f of [() => setTimeout('x'), () => setImmediate(), () => queueMicrotask(1), () => process.nextTick()]) try { f(); } catch (e) { log(e.code, e.message); }
  log(require('timers').setTimeout === setTimeout, require('timers').promises === tp);
})();
