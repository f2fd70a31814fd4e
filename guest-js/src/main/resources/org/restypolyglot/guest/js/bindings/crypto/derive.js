/** Keys out of passwords and other keys. */
'use strict';

const { crypto: hostCrypto } = host;
const { failure, invalidDigest, whole } = require('bindings/crypto/bytes');
const { Job, resultOf } = require('bindings/crypto/jobs');
const { keyParts } = require('bindings/crypto/keys');

const MAX_LANES_TIMES_BLOCK = 2 ** 30 - 1;
const MAX_BLOCKS_OF_HKDF = 255;

function checkDigest(name) {
  if (!hostCrypto.hasDigest(name)) {
    throw invalidDigest(name);
  }
}

class PBKDF2Job extends Job {
  #settings;

  constructor(mode, password, salt, iterations, length, digest) {
    super(mode);
    checkDigest(digest);
    this.#settings = [digest, whole(password), whole(salt), iterations, length];
  }

  compute(done) {
    return resultOf(hostCrypto.pbkdf2(...this.#settings, done));
  }
}

class HKDFJob extends Job {
  #settings;

  constructor(mode, digest, key, salt, info, length) {
    super(mode);
    checkDigest(digest);
    if (length > MAX_BLOCKS_OF_HKDF * hostCrypto.digest(digest).length()) {
      throw failure(RangeError, 'ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length');
    }
    const [buffer, offset, size] = keyParts(key);
    const ikm = whole(new Uint8Array(buffer, offset, size));
    this.#settings = [digest, ikm, whole(salt), whole(info), length];
  }

  compute(done) {
    return resultOf(hostCrypto.hkdf(...this.#settings, done));
  }
}

class ScryptJob extends Job {
  #settings;

  constructor(mode, password, salt, cost, blockSize, lanes, maxMemory, length) {
    super(mode);
    const isPowerOf2 = cost > 1 && Number.isInteger(Math.log2(cost));
    if (!isPowerOf2 || lanes * blockSize > MAX_LANES_TIMES_BLOCK) {
      throw failure(RangeError, 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS', 'Invalid scrypt params');
    }
    if (128 * blockSize * (lanes + cost + 2) > maxMemory) {
      throw failure(
        RangeError,
        'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
        'Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded',
      );
    }
    this.#settings = [whole(password), whole(salt), cost, blockSize, lanes, length];
  }

  compute(done) {
    return resultOf(hostCrypto.scrypt(...this.#settings, done));
  }
}

Object.assign(exports, { PBKDF2Job, HKDFJob, ScryptJob });
