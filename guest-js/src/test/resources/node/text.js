const qs = require('querystring'), { StringDecoder } = require('string_decoder'), punycode = require('punycode'), os = require('os');
console.log(qs.parse('a=1&b=2&a=3&c=%20x+y&d&=e&%zz=1'), qs.stringify({ a: [1, 'x'], b: true, c: null, d: undefined, e: 'ü &', f: 5n, g: NaN }), qs.parse('a:1;b:2', ';', ':'), qs.stringify({ a: 1, b: 2 }, ';', ':'), qs.escape('a b&ü'), qs.unescape('a%20b%zz'), qs.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }), qs.parse('x=%E4', null, null, { decodeURIComponent: (s) => 'dec(' + s + ')' }), Object.keys(qs).sort().join(), qs.unescapeBuffer('a%20').toString());
for (const e of ['utf8', 'utf16le', 'base64', 'base64url', 'hex', 'latin1', 'ascii']) {
  const bytes = Buffer.from(e === 'utf16le' ? Buffer.from('a€😀x', 'utf16le') : Buffer.from('a€😀x\xe9')); const d = new StringDecoder(e); const out = [];
  for (const b of bytes) out.push(d.write(Buffer.from([b]))); out.push(d.end()); console.log(e, JSON.stringify(out));
  const d2 = new StringDecoder(e); console.log(JSON.stringify([d2.write(bytes.subarray(0, 3)), d2.lastNeed, d2.lastTotal, d2.write(bytes.subarray(3, 6)), d2.end(), d2.end(bytes.subarray(0, 2))]));
}
for (const s of ['e2', 'e282', 'f09f98', 'c3', 'ff', 'e28261', 'eda080', 'f09f9861', 'c3c3', '80']) { const d = new StringDecoder(); console.log(s, JSON.stringify([d.write(Buffer.from(s, 'hex')), d.end()]), JSON.stringify([...Buffer.from(s, 'hex')].map(((d) => (b) => d.write(Buffer.from([b])))(new StringDecoder())))); }
try { new StringDecoder('x'); } catch (e) { console.log(e.code, e.message); } try { new StringDecoder().write(5); } catch (e) { console.log(e.code, e.message); }
console.log(punycode.encode('mañana'), punycode.decode('maana-pta'), punycode.toASCII('mañana.com'), punycode.toUnicode('xn--maana-pta.com'), punycode.ucs2.decode('😀'));
for (const l of ['utf-8', 'UTF8', 'latin1', 'utf-16le', 'utf-16be', 'shift_jis', 'euc-kr', 'gb18030', 'gbk', 'big5', 'windows-1251', 'koi8-r', 'macintosh', 'nope']) { try { const d = new TextDecoder(l); console.log(l, d.encoding, d.fatal, d.ignoreBOM, d.decode(new Uint8Array([0x61, 0xb0, 0xa1, 0x62]))); } catch (e) { console.log(l, e.name, e.code, e.message); } }
const d = new TextDecoder('utf-8', { fatal: true }); try { d.decode(new Uint8Array([0xff])); } catch (e) { console.log(e.name, e.code, e.message); }
const st = new TextDecoder(); console.log([st.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), st.decode(new Uint8Array([0xac]), { stream: true }), st.decode()], JSON.stringify([new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), new TextDecoder('utf8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))]));
const target = new Uint8Array(5); console.log(new TextEncoder().encodeInto('a€😀', target), target, new TextEncoder(), new TextEncoder().encode('\ud800'));
console.log(os.EOL === '\n', os.type(), os.platform(), os.endianness(), os.arch(), typeof os.cpus()[0].model, os.totalmem() > os.freemem(), os.loadavg().length, typeof os.hostname(), os.userInfo().uid === process.getuid(), os.devNull, os.constants.signals.SIGTERM, os.constants.errno.ENOENT, os.availableParallelism() > 0, `${os.arch}`, os.tmpdir() !== '', typeof os.networkInterfaces().lo, os.uptime() > 0, os.version().length > 0, os.machine(), os.homedir() !== '');
for (const enc of ['utf-8', 'utf-16le', 'shift_jis']) { for (const v of ['abc', 5, null, {}]) try { console.log(new TextDecoder(enc).decode(v)); } catch (e) { console.log(enc, e.name, e.code, e.message); } const b = new Uint8Array(2); structuredClone(b.buffer, { transfer: [b.buffer] }); console.log(enc, JSON.stringify([new TextDecoder(enc).decode(b), new TextDecoder(enc).decode(b.buffer), new TextDecoder(enc).decode()])); }
process.env.N = 5; process.env.U = undefined; process.env.L = null; console.log(process.env.N === '5', typeof process.env.U, process.env.L, 'N' in process.env, Object.keys(process.env).includes('N'), { ...process.env }.N, delete process.env.N, process.env.N);
for (const f of [() => { process.env[Symbol('a')] = 1; }, () => { process.env.S = Symbol('b'); }, () => Object.defineProperty(process.env, 'D', { value: 'x' }), () => Object.defineProperty(process.env, 'D', { value: 6, configurable: true, writable: true, enumerable: true }), () => Object.defineProperty(process.env, 'D', { get() { return 5; }, configurable: true, enumerable: true })]) try { console.log(f()?.D); } catch (e) { console.log(e.name, e.code, e.message); }
for (const p of [999999999, 2 ** 31, -1, 'a', 1.5]) try { console.log(os.getPriority(p)); } catch (e) { console.log(e.name, e.code, e.message, JSON.stringify(e.info), e.errno, e.syscall); }
process.on('warning', (w) => w.name === 'DeprecationWarning' || console.log(w.name, w.message)); for (const delay of [-5, NaN, 'x', 2 ** 40]) clearTimeout(setTimeout(() => {}, delay));

// Text in pieces: each longest beginning of a character is one replacement.
for (const hex of ['666f6feda080', 'f09f98', 'f09f9841', 'e282', 'c0af', 'f4908080', 'eda0', 'f8808080', 'e2e282ac', '80e282']) {
  for (const cut of [0, 1, 2, 3, 4]) {
    const bytes = Buffer.from(hex, 'hex');
    const decoder = new TextDecoder();
    const text =
      decoder.decode(bytes.subarray(0, cut), { stream: true }) +
      '|' +
      decoder.decode(bytes.subarray(cut), { stream: true }) +
      '|' +
      decoder.decode();
    console.log(hex, cut, JSON.stringify(text));
  }
}
