const { Readable, Writable, Transform, Duplex, PassThrough, pipeline, finished, compose, addAbortSignal } = require('stream');
const sp = require('stream/promises'), consumers = require('stream/consumers'), web = require('stream/web'), readline = require('readline');
(async () => {
  const out = [];
  await sp.pipeline(Readable.from(['a', 'b', 'c']), new Transform({ transform(c, e, cb) { cb(null, String(c).toUpperCase()); } }), async function* (src) { for await (const c of src) yield c + '!'; }, new Writable({ write(c, e, cb) { out.push(String(c)); cb(); } }));
  console.log(out.join());
  console.log(await Readable.from([1, 2, 3, 4]).filter((x) => x % 2).map(async (x) => x * 10).toArray(), await Readable.from([1, 2, 3]).reduce((a, b) => a + b), await Readable.from([3, 4]).some((x) => x > 3), await Readable.from([1, 2, 3]).take(2).drop(1).toArray());
  console.log(await consumers.text(Readable.from(['x', 'y'])), await consumers.json(Readable.from(['{"a":1}'])), await consumers.buffer(Readable.from([Buffer.from('z')])));
  const r = new Readable({ read() {} }); r.push('12'); r.push('345'); r.push(null); r.setEncoding('utf8'); r.on('data', (d) => console.log('data', d)); r.on('end', () => console.log('end')); r.on('close', () => console.log('close', r.destroyed)); await sp.finished(r);
  const w = new Writable({ highWaterMark: 3, write(c, e, cb) { setTimeout(cb, 1); } }); console.log(w.write('ab'), w.write('cd'), w.writableLength, w.writableNeedDrain); w.on('drain', () => console.log('drain')); w.end(() => console.log('finished')); await sp.finished(w);
  try { await sp.pipeline(Readable.from(['a']), new Transform({ transform(c, e, cb) { cb(new Error('bad')); } }), new PassThrough()); } catch (e) { console.log(e.message); }
  const ac = new AbortController(); setTimeout(() => ac.abort(), 2); try { await sp.pipeline(new Readable({ read() {} }), new PassThrough(), { signal: ac.signal }); } catch (e) { console.log(e.name, e.code); }
  w.on('error', (e) => console.log(e.code, e.message)); w.write('x');
  await new Promise((res) => setTimeout(res, 5));
  const d = Duplex.from(async function* (src) { for await (const c of src) yield String(c) + '?'; }); d.end('q'); console.log(await consumers.text(d));
  const ws = new web.ReadableStream({ start(c) { c.enqueue('w1'); c.enqueue('w2'); c.close(); } }); const got = []; for await (const v of ws.pipeThrough(new web.TransformStream({ transform(c, ctl) { ctl.enqueue(c + c); } }))) got.push(v); console.log(got);
  console.log(await consumers.text(Readable.fromWeb(new web.ReadableStream({ pull(c) { c.enqueue(Buffer.from('fw')); c.close(); } }))), (await Readable.toWeb(Readable.from(['tw'])).getReader().read()));
  const [t1, t2] = new ReadableStream({ start(c) { c.enqueue(1); c.close(); } }).tee(); console.log(await t1.getReader().read(), await t2.getReader().read());
  const wr = []; await new ReadableStream({ start(c) { c.enqueue('p'); c.close(); } }).pipeTo(new WritableStream({ write(c) { wr.push(c); } })); console.log(wr, await consumers.text(new Blob(['bl']).stream().pipeThrough(new TextDecoderStream())));
  const rl = readline.createInterface({ input: Readable.from(['line1\nli', 'ne2\r\nline3']) }); for await (const l of rl) console.log('rl', l);
  console.log(new Readable().readableFlowing, Readable.prototype.constructor.name, Duplex.prototype instanceof Readable, new PassThrough().writableHighWaterMark, require('stream').Stream === require('stream'), Writable[Symbol.hasInstance](d));
  const c = new PassThrough(); c.cork(); c.write('1'); c.write('2'); console.log(c.writableCorked, c.readableLength); c.uncork(); console.log(c.readableLength, String(c.read(1)), String(c.read())); c.unshift('u'); console.log(String(c.read()));
  try { new Readable().read.call(null); } catch (e) { console.log(e.name); } const nr = new Readable(); nr.on('error', (e) => console.log(e.code, e.message)); nr.read();
  const bs = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close(); } }); const reader = bs.getReader({ mode: 'byob' }); console.log(await reader.read(new Uint8Array(2)), ws.locked, bs);
})();
