'use strict';

// Round trips, settings, and what node:zlib says of wrong data; not the compressed bytes, which differ
// from one build of zlib to another.
const zlib = require('node:zlib');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { promisify } = require('node:util');

const { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BEST_SPEED, Z_HUFFMAN_ONLY } = zlib.constants;
const text = (count) => Buffer.from('hello world '.repeat(count));
const dictionary = text(5);

const attempt = (name, code) => {
  try {
    const value = code();
    console.log(name, Buffer.isBuffer(value) ? value.toString().slice(0, 40) : value);
  } catch (error) {
    console.log(name, error.name, error.message, error.code, error.errno);
  }
};

function changed(bytes, index) {
  const copy = Buffer.from(bytes);
  copy[index < 0 ? copy.length + index : index] ^= 1;
  return copy;
}

for (const [pack, unpack] of [
  ['deflate', 'inflate'],
  ['gzip', 'gunzip'],
  ['deflateRaw', 'inflateRaw'],
  ['gzip', 'unzip'],
  ['deflate', 'unzip'],
]) {
  const input = text(20_000);
  attempt(`${pack} ${unpack}`, () => zlib[`${unpack}Sync`](zlib[`${pack}Sync`](input)).equals(input));
  attempt(`${pack} nothing`, () => zlib[`${unpack}Sync`](zlib[`${pack}Sync`]('')).length);
}

attempt('headers', () =>
  [-1, 0, 1, 5, 6, 9].map((level) => [
    zlib.deflateSync('x', { level }).subarray(0, 2).toString('hex'),
    zlib.gzipSync('x', { level }).subarray(0, 10).toString('hex'),
  ]),
);
attempt('windows', () =>
  [8, 9, 10, 12, 14, 15].map((windowBits) => {
    const input = text(20_000);
    const packed = zlib.deflateSync(input, { windowBits });
    const same = zlib.inflateSync(packed, { windowBits: Math.max(windowBits, 9) }).equals(input);
    return [same, packed.subarray(0, 2).toString('hex')];
  }),
);
attempt('window too small', () => zlib.inflateSync(zlib.deflateSync('x'), { windowBits: 9 }));
attempt('strategy', () =>
  zlib.inflateSync(zlib.deflateSync(text(9), { strategy: Z_HUFFMAN_ONLY, level: Z_BEST_SPEED })),
);
attempt('dictionary', () => zlib.inflateSync(zlib.deflateSync(text(9), { dictionary }), { dictionary }));
attempt('raw dictionary', () =>
  zlib.inflateRawSync(zlib.deflateRawSync(text(9), { dictionary }), { dictionary }),
);
attempt('no dictionary', () => zlib.inflateSync(zlib.deflateSync(text(9), { dictionary })));
attempt('other dictionary', () =>
  zlib.inflateSync(zlib.deflateSync(text(9), { dictionary }), { dictionary: Buffer.from('x') }),
);

const garbage = Buffer.from('nothing that was compressed');
for (const name of ['inflate', 'inflateRaw', 'gunzip', 'unzip']) {
  attempt(`${name} garbage`, () => zlib[`${name}Sync`](garbage));
  attempt(`${name} nothing`, () => zlib[`${name}Sync`](Buffer.alloc(0)));
}
const gzipped = zlib.gzipSync(text(1000));
attempt('method', () => zlib.gunzipSync(changed(gzipped, 2)));
attempt('flags', () => zlib.gunzipSync(Buffer.concat([gzipped.subarray(0, 3), Buffer.from([0xe0, 0])])));
attempt('checksum', () => zlib.gunzipSync(changed(gzipped, -8)));
attempt('length', () => zlib.gunzipSync(changed(gzipped, -1)));
attempt('adler', () => zlib.inflateSync(changed(zlib.deflateSync(text(4)), -1)));
attempt('cut', () => zlib.gunzipSync(gzipped.subarray(0, 30)));
attempt('cut, flushed', () => zlib.gunzipSync(gzipped.subarray(0, 30), { finishFlush: Z_SYNC_FLUSH }).length > 0);
attempt('members', () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync('abc'), zlib.gzipSync('def')])));
attempt('padding', () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync('abc'), Buffer.alloc(9)])));
attempt('trash', () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync('abc'), Buffer.alloc(9, 7)])));
attempt('behind zlib', () => zlib.inflateSync(Buffer.concat([zlib.deflateSync('abc'), garbage])));
attempt('too long', () => zlib.gunzipSync(gzipped, { maxOutputLength: 1000 }));
// With a name, a comment, an extra field and a checksum of the header.
const header = Buffer.from('1f8b081e000000000003030061626361646d6500632000', 'hex');
const headed = Buffer.concat([
  header,
  Buffer.from([zlib.crc32(header) & 0xff, (zlib.crc32(header) >> 8) & 0xff]),
  zlib.gzipSync('abc').subarray(10),
]);
attempt('all of a header', () => zlib.gunzipSync(headed));
attempt('wrong header', () => zlib.gunzipSync(changed(headed, 22)));
attempt('crc32', () => [zlib.crc32('hello'), zlib.crc32('world', zlib.crc32('hello')), zlib.crc32('')]);
attempt('options', () => zlib.createGzip({ level: 10 }));
attempt('Brotli', () => zlib.brotliDecompressSync(Buffer.from('G98B+I2Ubt5EVYaWbCBvQVscgDIO', 'base64')));
attempt('constants', () => [zlib.constants.Z_MAX_CHUNK, Object.isFrozen(zlib.codes)]);

async function asynchronous() {
  const packed = await promisify(zlib.gzip)(text(100_000));
  console.log('async', (await promisify(zlib.gunzip)(packed)).equals(text(100_000)));
  await promisify(zlib.gunzip)(garbage).catch((error) => console.log('async', error.message, error.code));

  const parts = [];
  await pipeline(
    Readable.from([text(10), text(1000), text(5)]),
    zlib.createGzip(),
    zlib.createGunzip(),
    async (source) => {
      for await (const part of source) {
        parts.push(part);
      }
    },
  );
  console.log('pipeline', Buffer.concat(parts).equals(text(1015)));

  const deflate = zlib.createDeflateRaw({ level: 9 });
  const out = [];
  deflate.on('data', (part) => out.push(part));
  deflate.write('abc');
  await promisify(deflate.flush).call(deflate, Z_SYNC_FLUSH);
  console.log('flushed', Buffer.concat(out).toString('hex'));
  await promisify(deflate.params).call(deflate, 0, 0);
  deflate.write(text(100));
  await promisify(deflate.flush).call(deflate, Z_FULL_FLUSH);
  console.log('stored', Buffer.concat(out).includes(text(100)));
  deflate.end('def');
  await new Promise((resolve) => deflate.on('end', resolve));
  console.log('ended', zlib.inflateRawSync(Buffer.concat(out)).length, deflate.bytesWritten);

  const stream = new Blob([text(1000)])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
    .pipeThrough(new DecompressionStream('gzip'));
  console.log('web', (await new Response(stream).text()).length);

  const inflate = zlib.createInflate();
  inflate.end(garbage);
  inflate.on('error', (error) => console.log('event', error.message, inflate.destroyed));
  inflate.on('close', () => console.log('closed'));
}

void asynchronous();
