/** AES and ChaCha20-Poly1305. */
'use strict';

const { crypto: hostCrypto } = host;
const { notSupported } = require('failures');
const {
  bytesOf,
  failure,
  fromHost,
  openSslFailure,
  parts,
  whole,
} = require('bindings/crypto/bytes');
const { keyParts } = require('bindings/crypto/keys');

const CHACHA = 'chacha20-poly1305';
const AES = [128, 192, 256].flatMap((bits) =>
  ['cbc', 'ctr', 'ecb', 'gcm'].map((mode) => `aes-${bits}-${mode}`),
);

/** OpenSSL's numbers. */
const NUMBERS = {
  'aes-128-ecb': 418,
  'aes-128-cbc': 419,
  'aes-192-ecb': 422,
  'aes-192-cbc': 423,
  'aes-256-ecb': 426,
  'aes-256-cbc': 427,
  'id-aes128-gcm': 895,
  'id-aes192-gcm': 898,
  'id-aes256-gcm': 901,
  'aes-128-ctr': 904,
  'aes-192-ctr': 905,
  'aes-256-ctr': 906,
  [CHACHA]: 1018,
};
const NAMES = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));
const GCM_TAGS = new Set([4, 8, 12, 13, 14, 15, 16]);
const SHORTEST_TAG = 12;
const CHACHA_TAG = 16;

const invalidState = () => failure(Error, 'ERR_CRYPTO_INVALID_STATE', 'Invalid state');
const invalidTag = (length) =>
  failure(
    TypeError,
    'ERR_CRYPTO_INVALID_AUTH_TAG',
    `Invalid authentication tag length: ${length}`,
  );

/** What is known of a cipher; undefined for one that is not known. */
function infoOf(cipher) {
  const found = hostCrypto.cipherInfo(cipher);
  if (found === null) {
    return undefined;
  }
  const [name, mode, keyLength, ivLength, blockSize] = found;
  return { name, mode, keyLength, ivLength, blockSize };
}

class CipherBase {
  #encrypts;
  #java;
  #info;
  #tagLength = -1;
  #hasTag = false;
  #tag;

  constructor(encrypts) {
    this.#encrypts = encrypts;
  }

  initiv(cipher, key, iv, tagLength) {
    const info = infoOf(cipher);
    if (info === undefined) {
      throw failure(Error, 'ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher');
    }
    const [keyBuffer, keyOffset, keyLength] = keyParts(key);
    const vector = iv === null ? new ArrayBuffer(0) : whole(iv);
    this.#info = info;
    this.#checkVector(vector.byteLength);
    this.#checkTag(tagLength);
    if (keyLength !== info.keyLength) {
      throw failure(RangeError, 'ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length');
    }
    const keyBytes = whole(new Uint8Array(keyBuffer, keyOffset, keyLength));
    this.#java = hostCrypto.cipher(cipher, this.#encrypts, keyBytes, vector, tagLength);
  }

  get #isAuthenticated() {
    return this.#info.mode === 'gcm' || this.#info.name === CHACHA;
  }

  #checkVector(length) {
    const { ivLength, mode } = this.#info;
    if (mode === 'gcm' ? length === 0 : length !== ivLength) {
      throw failure(TypeError, 'ERR_CRYPTO_INVALID_IV', 'Invalid initialization vector');
    }
  }

  #checkTag(length) {
    if (!this.#isAuthenticated || length === -1) {
      return;
    }
    if (this.#info.mode === 'gcm' ? !GCM_TAGS.has(length) : length !== CHACHA_TAG) {
      throw invalidTag(length);
    }
    this.#tagLength = length;
  }

  #alive() {
    if (this.#java === undefined) {
      throw invalidState();
    }
    return this.#java;
  }

  update(data, encoding) {
    return fromHost(this.#alive().update(...parts(bytesOf(data, encoding))));
  }

  final() {
    const java = this.#alive();
    this.#java = undefined;
    if (!this.#encrypts && this.#isAuthenticated && !this.#hasTag) {
      throw new Error('Unsupported state or unable to authenticate data');
    }
    const rest = java.finish();
    if (rest === null) {
      throw this.#finalFailure(java.failure());
    }
    if (this.#encrypts && this.#isAuthenticated) {
      const tag = fromHost(java.tag());
      this.#tag = this.#tagLength > 0 ? tag.subarray(0, this.#tagLength) : tag;
    }
    return fromHost(rest);
  }

  #finalFailure(why) {
    switch (why) {
      case 'tag':
        return new Error('Unsupported state or unable to authenticate data');
      case 'padding':
        return openSslFailure('1C800064', 'bad decrypt');
      case 'block':
        return openSslFailure('1C80006B', 'wrong final block length');
      default:
        return new Error(why);
    }
  }

  setAutoPadding(padded) {
    if (this.#java === undefined) {
      return false;
    }
    this.#java.setPadding(padded);
    return true;
  }

  getAuthTag() {
    return this.#tag;
  }

  setAuthTag(tag) {
    if (this.#java === undefined || !this.#isAuthenticated || this.#encrypts || this.#hasTag) {
      return false;
    }
    const [buffer, offset, length] = parts(tag);
    const isValid = this.#info.mode === 'gcm' ? GCM_TAGS.has(length) : length === CHACHA_TAG;
    if (!isValid || (this.#tagLength !== -1 && this.#tagLength !== length)) {
      throw invalidTag(length);
    }
    if (length < SHORTEST_TAG) {
      throw notSupported(`node:crypto: an authentication tag of ${length} bytes`);
    }
    this.#java.setTag(buffer, offset, length);
    this.#hasTag = true;
    return true;
  }

  setAAD(data) {
    if (this.#java === undefined || !this.#isAuthenticated) {
      return false;
    }
    this.#java.authenticate(...parts(data));
    return true;
  }
}

Object.assign(exports, {
  CipherBase,
  getCipherInfo(target, nameOrNumber, keyLength, ivLength) {
    const name = typeof nameOrNumber === 'number' ? NAMES.get(nameOrNumber) : nameOrNumber;
    const info = name === undefined ? undefined : infoOf(name);
    if (info === undefined || (keyLength !== undefined && keyLength !== info.keyLength)) {
      return undefined;
    }
    const takesIv = info.mode === 'gcm' ? ivLength > 0 : ivLength === info.ivLength;
    if (ivLength !== undefined && !takesIv) {
      return undefined;
    }
    return Object.assign(
      target,
      { mode: info.mode, name: info.name, nid: NUMBERS[info.name] },
      info.mode === 'stream' ? {} : { blockSize: info.blockSize },
      info.ivLength > 0 ? { ivLength: ivLength ?? info.ivLength } : {},
      { keyLength: info.keyLength },
    );
  },
  getCiphers: () => [...AES, ...[128, 192, 256].map((bits) => `id-aes${bits}-gcm`), CHACHA],
  getCurves: () => [],
});
