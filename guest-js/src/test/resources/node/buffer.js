const { Buffer, Blob, File, atob, btoa, constants, kMaxLength, transcode, isUtf8, isAscii, SlowBuffer } = require('buffer');
const texts = ['', 'héllo wörld', '€uro', '😀 smile', 'abc\ud800def', '\u0000\u0001', 'YWJj', '68656c6c6f', 'zz12', 'YQ==YQ==', 'a-b_c'];
for (const e of ['utf8', 'utf-8', 'hex', 'base64', 'base64url', 'latin1', 'binary', 'ascii', 'ucs2', 'utf16le', 'UCS-2', 'HEX']) {
  console.log(e, Buffer.isEncoding(e), texts.map((t) => [Buffer.byteLength(t, e), Buffer.from(t, e).toString('hex')].join(':')).join(' '));
  console.log(JSON.stringify(Buffer.from([0, 1, 127, 128, 200, 255, 226, 130, 172, 237, 160, 128, 240, 159, 152]).toString(e)));
}
const b = Buffer.alloc(24);
let at = 0;
at = b.writeUInt8(200, at); at = b.writeInt16LE(-2, at); at = b.writeUInt32BE(0xdeadbeef, at); at = b.writeDoubleLE(Math.PI, at);
at = b.writeBigInt64BE(-5n, at); console.log(at, b);
console.log(b.readUInt8(0), b.readInt16LE(1), b.readUInt32BE(3), b.readDoubleLE(7), b.readBigInt64BE(15), b.readUIntBE(0, 6), b.readIntLE(1, 3));
for (const f of [() => b.readUInt32LE(22), () => b.writeUInt8(256, 0), () => b.readInt8(-1), () => b.readInt8(1.5), () => b.readUIntBE(0, 7), () => Buffer.alloc(-1), () => Buffer.alloc('5'), () => Buffer.from(5), () => Buffer.from(null), () => Buffer.from('a', 'nope'), () => b.fill('', 0, 30), () => b.fill('zz', 'hex'), () => Buffer.concat('x'), () => b.write(1), () => b.swap16.call(Buffer.alloc(3)), () => atob('a'), () => atob('*'), () => btoa('€'), () => Buffer.compare(1, 2), () => b.equals('x'), () => b.toString('nope'), () => b.indexOf({})]) {
  try { console.log('ok', f()); } catch (e) { console.log(e.name, e.code, e.message); }
}
console.log(Buffer.from('abc').fill('xy'), Buffer.alloc(5, 'ab'), Buffer.alloc(4, 'YQ==', 'base64'), Buffer.alloc(3, Buffer.from([1, 2])), Buffer.alloc(3, 257));
const s = Buffer.from('this is a buffer, this is');
console.log(s.indexOf('is'), s.indexOf('is', 3), s.lastIndexOf('is'), s.indexOf('zz'), s.includes('buffer'), s.indexOf(98), s.indexOf(Buffer.from('buf')), s.indexOf(''), s.lastIndexOf('this', -8), s.indexOf('is', -3), s.lastIndexOf('is', 3), s.indexOf('', 100));
console.log(s.slice(-4).toString(), s.subarray(2, 6).toString(), s.compare(Buffer.from('this')), Buffer.compare(Buffer.from('a'), Buffer.from('b')), s.compare(Buffer.from('xis x'), 1, 3, 2, 4));
console.log(JSON.stringify(Buffer.from('hi')), Buffer.from({ type: 'Buffer', data: [1, 2] }), Buffer.from(new Uint16Array([1, 256])), Buffer.from(new String('str')), Buffer.of(1, 2, 300), Buffer.from([1.5, '7', -1, 'x']));
console.log(Buffer.concat([Buffer.from('a'), Buffer.from('bc')]), Buffer.concat([Buffer.from('abc')], 2), Buffer.concat([Buffer.from('abc')], 5), Buffer.isBuffer(new Uint8Array(1)), s.length, s.parent === s.buffer);
console.log(Buffer.from('aabb', 'hex').swap16(), Buffer.from('00112233', 'hex').swap32(), Buffer.from('0011223344556677', 'hex').swap64());
const c = Buffer.alloc(6); console.log(c.write('€€€'), c, c.write('€€', 2, 3), c, c.write('abc', 1, 'latin1'), c, c.write('ff00', 'hex'), s.copy(c, 1, 2, 5), c, c.write('xyz', 4));
console.log([...Buffer.from('ab').entries()], [...Buffer.from('ab').keys()], Buffer.from('xyz').toLocaleString(), Buffer.from('ab').map((x) => x + 1), Buffer.from('hello').toString('utf8', 1, 3), Buffer.from('hello').toString(undefined, -1, 99));
console.log(transcode(Buffer.from('€é'), 'utf8', 'latin1'), transcode(Buffer.from('é'), 'utf8', 'ucs2'), isUtf8(Buffer.from([0xc3, 0x28])), isUtf8(Buffer.from('é')), isAscii(Buffer.from('é')), isAscii(Buffer.from('e')));
console.log(atob(' aGVs bG8= '), btoa('hello\xff'), Buffer.poolSize, constants.MAX_LENGTH > 2 ** 30, kMaxLength === constants.MAX_LENGTH, Buffer.from('a'.repeat(60)), Buffer.from(new ArrayBuffer(4), 1, 2), Buffer.name, Buffer.prototype.constructor === Buffer);
console.log(Buffer.from('x').buffer instanceof ArrayBuffer, Buffer.copyBytesFrom(new Uint8Array([1, 2, 3]), 1), Buffer.allocUnsafe(3).length, Buffer.allocUnsafeSlow(3).length, new Buffer.from('q').constructor.name);
(async () => {
  const blob = new Blob(['ab', Buffer.from('cd'), new Blob(['ef'])], { type: 'Text/Plain' });
  console.log(blob, blob.size, blob.type, await blob.text(), Buffer.from(await blob.arrayBuffer()), await blob.slice(1, 3, 'x').text());
  const file = new File(['data'], 'n.txt', { lastModified: 5, type: 'a/b' });
  console.log(file.name, file.lastModified, file.size, file instanceof Blob, await new Response2(blob.stream()));
})();
async function Response2(stream) { let t = ''; for await (const part of stream) t += Buffer.from(part).toString(); return t; }
Response2 = ((f) => function (x) { return f(x); })(Response2);

// Where two bytes are one character.
console.log(Buffer.from('ff').indexOf(Buffer.from('f'), 1, 'ucs2'), Buffer.from('f').includes('f', 0, 'ucs2'));
console.log(Buffer.from('abab', 'ucs2').indexOf('b', 0, 'ucs2'), Buffer.from('ab').indexOf('', 1, 'ucs2'));
for (const check of [require('buffer').isAscii, require('buffer').isUtf8]) {
  const transferred = new ArrayBuffer(8);
  structuredClone(transferred, { transfer: [transferred] });
  try {
    console.log(check(transferred));
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
