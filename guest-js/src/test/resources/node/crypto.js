'use strict';

// Digests, HMACs, derived keys, AES and ChaCha20, and what node:crypto says of wrong arguments.
const crypto = require('node:crypto');
const { promisify } = require('node:util');

const key = Buffer.alloc(32, 1);
const vector = Buffer.alloc(16, 2);
const nonce = Buffer.alloc(12, 3);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

const attempt = (name, code) => {
  try {
    console.log(name, code());
  } catch (error) {
    console.log(name, error.name, error.message, error.code);
  }
};

function encrypt(cipher, secret, iv, { aad, ...options } = {}) {
  const encryption = crypto.createCipheriv(cipher, secret, iv, options);
  if (aad !== undefined) {
    encryption.setAAD(aad);
  }
  const text = encryption.update('some text to encrypt', 'utf8', 'hex') + encryption.final('hex');
  return [text, /gcm|poly/.test(cipher) ? encryption.getAuthTag() : undefined];
}

function decrypt(cipher, secret, iv, [text, tag], { aad, ...options } = {}) {
  const decryption = crypto.createDecipheriv(cipher, secret, iv, options);
  if (aad !== undefined) {
    decryption.setAAD(aad);
  }
  if (tag !== undefined) {
    decryption.setAuthTag(tag);
  }
  return decryption.update(text, 'hex', 'utf8') + decryption.final('utf8');
}

for (const name of ['md5', 'sha1', 'SHA256', 'RSA-SHA512', 'sha3-256', 'sha512-256']) {
  attempt(name, () => crypto.createHash(name).update('abc').digest('hex'));
}
attempt('pieces', () => crypto.createHash('sha256').update('a').update(Buffer.from('b')).update('ff', 'hex').digest('base64'));
attempt('copy', () => {
  const first = crypto.createHash('sha256').update('a');
  const second = first.copy();
  return [first.update('b').digest('hex'), second.update('c').digest('hex')];
});
attempt('finished', () => {
  const hash = crypto.createHash('sha256');
  hash.digest();
  hash.digest();
});
attempt('unknown', () => crypto.createHash('xyzzy'));
attempt('hash', () => [crypto.hash('sha1', 'abc'), crypto.hash('sha1', 'abc', 'base64')]);
attempt('hmac', () => crypto.createHmac('sha256', 'key').update('abc').digest('hex'));
attempt('hmac, no key', () => crypto.createHmac('md5', '').update('abc').digest('hex'));
attempt('hmac, unknown', () => crypto.createHmac('nope', 'key'));
attempt('random', () => [
  crypto.randomBytes(8).length,
  crypto.randomInt(3, 4),
  /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(crypto.randomUUID()),
  crypto.randomFillSync(new Uint32Array(64)).some((value) => value > 0),
]);
attempt('equal', () => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')));
attempt('lengths', () => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')));
attempt('no buffer', () => crypto.timingSafeEqual('a', Buffer.from('ab')));
attempt('pbkdf2', () => hex(crypto.pbkdf2Sync('password', 'salt', 1000, 40, 'sha512')));
attempt('pbkdf2, unknown', () => crypto.pbkdf2Sync('password', 'salt', 1, 40, 'nope'));
attempt('scrypt', () => hex(crypto.scryptSync('password', 'salt', 64, { N: 1024 })));
attempt('scrypt, cost', () => crypto.scryptSync('password', 'salt', 64, { N: 17 }));
attempt('scrypt, memory', () => crypto.scryptSync('password', 'salt', 64, { N: 2 ** 20 }));
attempt('hkdf', () => hex(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 50)));
attempt('hkdf, long', () => crypto.hkdfSync('sha256', 'key', 'salt', 'info', 255 * 32 + 1));

for (const [cipher, length, iv, options] of [
  ['aes-256-cbc', 32, vector],
  ['aes-128-ctr', 16, vector],
  ['aes-192-ecb', 24, null],
  ['aes-256-gcm', 32, nonce, { aad: Buffer.from('also') }],
  ['aes-128-gcm', 16, vector, { authTagLength: 12 }],
  ['chacha20-poly1305', 32, nonce, { authTagLength: 16 }],
]) {
  attempt(cipher, () => {
    const [text, tag] = encrypt(cipher, key.subarray(0, length), iv, options);
    const back = decrypt(cipher, key.subarray(0, length), iv, [text, tag], options);
    return [text, tag?.toString('hex'), back];
  });
}
const [sealed] = encrypt('aes-256-gcm', key, nonce);
attempt('wrong tag', () => decrypt('aes-256-gcm', key, nonce, [sealed, Buffer.alloc(16)]));
attempt('no tag', () => decrypt('aes-256-gcm', key, nonce, [sealed]));
attempt('tag length', () => decrypt('aes-256-gcm', key, nonce, [sealed, Buffer.alloc(5)]));
attempt('padding', () => decrypt('aes-256-cbc', key, vector, ['00'.repeat(32)]));
attempt('block', () => decrypt('aes-256-cbc', key, vector, ['00'.repeat(15)]));
attempt('cipher', () => crypto.createCipheriv('nope', key, vector));
attempt('key length', () => crypto.createCipheriv('aes-256-cbc', nonce, vector));
attempt('vector length', () => crypto.createCipheriv('aes-256-cbc', key, nonce));
attempt('info', () => ['aes-256-cbc', 'AES-128-GCM', 427, 'chacha20-poly1305', 'nope'].map((name) => crypto.getCipherInfo(name)));
attempt('key', () => {
  const secret = crypto.createSecretKey(Buffer.from('abc'));
  return [secret.type, secret.symmetricKeySize, secret.export(), secret.export({ format: 'jwk' })];
});

async function asynchronous() {
  console.log(hex(await promisify(crypto.pbkdf2)('p', 's', 10, 8, 'sha1')));
  console.log(hex(await promisify(crypto.scrypt)('p', 's', 8, { N: 16 })));
  console.log(hex(await promisify(crypto.hkdf)('sha1', 'k', 's', 'i', 8)));
  console.log((await promisify(crypto.randomBytes)(7)).length, await promisify(crypto.randomInt)(1));
  const { subtle } = globalThis.crypto;
  console.log(hex(await subtle.digest('SHA-256', Buffer.from('abc'))));
  console.log(globalThis.crypto === crypto.webcrypto, globalThis.crypto.getRandomValues(new Uint8Array(3)).length);
  const hash = crypto.createHash('sha1');
  hash.end('abc');
  console.log((await hash.toArray())[0].toString('hex'));
}

void asynchronous();
