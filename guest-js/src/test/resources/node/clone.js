const t = (f) => { try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message, e instanceof DOMException); } };
const o = { a: 1, d: new Date(0), r: /x/gi, m: new Map([[{ k: 1 }, new Set([1])]]), e: new RangeError('re'), b: new Uint8Array([1, 2]), n: null, u: undefined, big: 5n, nan: NaN, z: -0, arr: [1, , 3], box: Object('s'), nested: { deep: [{}] } }; o.self = o;
const c = structuredClone(o); console.log(c.self === c, c.d instanceof Date, c.r, c.m, c.e.name, c.e.message, c.e instanceof RangeError, c.b, c.big, c.arr, c.box, Object.is(c.z, -0), c.nested !== o.nested);
t(() => structuredClone(() => {})); t(() => structuredClone(Symbol('x'))); t(() => structuredClone({ f() {} })); t(() => structuredClone(new WeakMap())); t(() => structuredClone(Promise.resolve())); t(() => structuredClone()); t(() => structuredClone(new (class K { x = 1; get y() { return 2; } })())); t(() => structuredClone(Object.create({ inh: 1 }, { own: { value: 2, enumerable: true }, hid: { value: 3 } })));
const ab = new ArrayBuffer(4); const moved = structuredClone({ ab }, { transfer: [ab] }); console.log(ab.byteLength, moved.ab.byteLength); t(() => structuredClone(ab)); t(() => structuredClone(1, { transfer: [{}] })); t(() => structuredClone(Buffer.from('ab'))); t(() => structuredClone(new DataView(new ArrayBuffer(2))).byteLength); const s = {}; t(() => { const [x, y] = structuredClone([s, s]); return x === y; }); t(() => structuredClone(new DOMException('m', 'AbortError')).name); t(() => structuredClone(new Blob(['x'])).size); t(() => structuredClone(new Error('c', { cause: { a: 1 } })).cause);
console.log(new DOMException('msg', 'NotFoundError').code, DOMException.ABORT_ERR, new DOMException().name, String(new DOMException('a', 'b')), Object.prototype.toString.call(new DOMException()), new DOMException('x') instanceof Error);

// Objects with something native behind them: clones share it, and a FileHandle moves.
const { BlockList, SocketAddress } = require('net');
const { createHistogram } = require('perf_hooks');
const { createSecretKey } = require('crypto');
const { once } = require('events');
const { MessageChannel, receiveMessageOnPort } = require('worker_threads');
const list = new BlockList(); list.addAddress('1.2.3.4'); list.addRange('::1', '::9', 'ipv6');
const sameList = structuredClone(list); sameList.addSubnet('10.0.0.0', 8);
console.log(sameList.check('1.2.3.4'), list.check('10.1.1.1'), list.check('::5', 'ipv6'), list.check('11.1.1.1'), list.rules, sameList.rules);
const place = structuredClone(new SocketAddress({ address: '::1', family: 'ipv6', port: 53, flowlabel: 7 })); console.log(place.address, place.port, place.family, place.flowlabel);
const histogram = createHistogram(); histogram.record(5);
const same = structuredClone(histogram); same.record(7n); console.log(histogram.max, same.count, same.min, same.mean); same.reset(); console.log(histogram.count);
const key = structuredClone(createSecretKey(Buffer.from('secret'))); console.log(key.type, String(key.export()), key.equals(createSecretKey(Buffer.from('secret'))));
(async () => {
  const { open } = require('fs/promises');
  const { port1, port2 } = new MessageChannel();
  const show = (f) => { try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); } };
  const file = await open(__filename); const { fd } = file;
  show(() => port1.postMessage(file)); console.log(file.fd === fd);
  port1.postMessage({ file }, [file]); console.log(file.fd); await file.readFile().catch((e) => console.log(e.code, e.message));
  const moved = receiveMessageOnPort(port2).message.file; console.log(moved.fd === fd, moved.constructor === file.constructor, (await moved.readFile('utf8')).startsWith('const t ='));
  const reading = moved.readFile(); show(() => port1.postMessage(moved, [moved])); await reading; await moved.close();
  const { Worker } = require('worker_threads'); const other = await open(__filename);
  const worker = new Worker('const { workerData: { f, a, h, k, l }, parentPort: p } = require("worker_threads"); h.record(9); l.addAddress("8.8.8.8"); f.readFile("utf8").then((t) => p.postMessage([t.slice(0, 9), a.address, String(k.export())]));',
    { eval: true, workerData: { f: other, a: place, h: histogram, k: key, l: list }, transferList: [other] });
  console.log((await once(worker, 'message'))[0], other.fd, histogram.max, list.check('8.8.8.8'));
  for (const deserializeInfo of ['/some/file.js:Thing', 'net:Socket']) {
    const liar = await open(__filename); const [transfer] = Object.getOwnPropertySymbols(Object.getPrototypeOf(liar)).filter((symbol) => symbol.description === 'messaging_transfer_symbol');
    liar[transfer] = () => ({ data: 1, deserializeInfo }); port1.postMessage(liar, [liar]); show(() => receiveMessageOnPort(port2));
  }
  port1.close();
})();
