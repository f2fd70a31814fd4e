const EventEmitter = require('events');
const { once, on, errorMonitor, captureRejectionSymbol, getEventListeners, setMaxListeners, addAbortListener, listenerCount } = EventEmitter;
const e = new EventEmitter();
e.on('newListener', (n) => console.log('new', n));
e.on('removeListener', (n) => console.log('removed', n));
e.on('a', function (x) { console.log('a1', x, this === e); });
e.prependListener('a', (x) => console.log('a0', x));
e.once('a', (x) => console.log('once', x));
console.log(e.emit('a', 1), e.emit('a', 2), e.emit('none'), e.listenerCount('a'), e.eventNames(), e.rawListeners('a').length);
e.off('a', e.listeners('a')[0]); console.log(e.emit('a', 3)); e.removeAllListeners('a');
try { e.emit('error', new Error('boom')); } catch (x) { console.log(x.message); }
try { e.emit('error', { a: 1 }); } catch (x) { console.log(x.code, x.message); }
try { e.on('x', 'no'); } catch (x) { console.log(x.code, x.message); }
e.on(errorMonitor, (x) => console.log('monitor', x.message)); e.on('error', (x) => console.log('handled', x.message)); e.emit('error', new Error('e2'));
console.log(EventEmitter.defaultMaxListeners, e.getMaxListeners(), e.setMaxListeners(1) === e, EventEmitter.EventEmitter === EventEmitter, typeof EventEmitter.usingDomains);
console.log(new EventEmitter());
(async () => {
  setTimeout(() => e.emit('later', 1, 2), 5);
  console.log(await once(e, 'later'));
  const ac = new AbortController(); setTimeout(() => ac.abort(), 5);
  try { await once(e, 'never', { signal: ac.signal }); } catch (x) { console.log(x.name, x.code, x.message); }
  setTimeout(() => { e.emit('it', 1); e.emit('it', 2); e.emit('end'); }, 5);
  for await (const v of on(e, 'it', { close: ['end'] })) console.log('it', v);
  const c = new EventEmitter({ captureRejections: true });
  c.on('error', (x) => console.log('captured', x.message)); c.on('go', async () => { throw new Error('async'); }); c.emit('go');
  await new Promise((r) => setTimeout(r, 5));
  const t = new EventTarget(); t.addEventListener('foo', { handleEvent(ev) { console.log(ev.type, ev.target === t, ev instanceof Event); } }, { once: true });
  t.dispatchEvent(new Event('foo')); t.dispatchEvent(new Event('foo'));
  t.addEventListener('c', (ev) => { ev.preventDefault(); console.log(ev.detail, ev.defaultPrevented); });
  console.log(t.dispatchEvent(new CustomEvent('c', { detail: 7, cancelable: true })), getEventListeners(t, 'c').length);
  setTimeout(() => t.dispatchEvent(new Event('z')), 2); const [z] = await once(t, 'z'); console.log(z.type);
  const s = AbortSignal.any([AbortSignal.abort('why'), new AbortController().signal]); console.log(s.aborted, s.reason);
  setTimeout(() => {}, 20); const d = AbortSignal.timeout(3); await once(d, 'abort'); console.log(d.reason.name, d.reason.code, d.reason.message, String(d), d);
  addAbortListener(AbortSignal.abort(), () => console.log('already'));
  try { AbortSignal.abort().throwIfAborted(); } catch (x) { console.log(x.name, x.message, x.code, x instanceof DOMException); }
  try { new AbortSignal(); } catch (x) { console.log(x.name, x.message); }
  console.log(new Event('x', { bubbles: true }).bubbles, Event.BUBBLING_PHASE, new AbortController());
})();

console.log(['dispose', 'asyncDispose'].map((name) => typeof Symbol[name]), Object.keys(Symbol));
console.log(typeof Object.getOwnPropertyDescriptor(globalThis, 'process').get);
console.log(typeof Object.getOwnPropertyDescriptor(globalThis, 'Buffer').set);
console.log(Object.keys(globalThis).filter((name) => /Timeout|Immediate|Interval|atob|btoa|^global$|clone/i.test(name)).sort().join());
console.log(require('_stream_readable') === require('stream').Readable);
process.nextTick(() => {
  process._exiting = true;
  process.nextTick(() => console.log('never'));
  process._exiting = false;
});
