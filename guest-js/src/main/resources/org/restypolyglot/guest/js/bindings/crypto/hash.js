/** Digests and HMACs. */
'use strict';

const { crypto: hostCrypto } = host;
const {
  parts,
  bytesOf,
  encoded,
  failure,
  fromHost,
  invalidDigest,
} = require('bindings/crypto/bytes');
const { Job } = require('bindings/crypto/jobs');
const { keyParts } = require('bindings/crypto/keys');

const javaOf = Symbol('javaOf');
const NOT_EXTENDABLE = 'error:030000B2:digital envelope routines::not XOF or invalid length';

class Digest {
  #result;

  update(data, encoding) {
    this[javaOf].update(...parts(bytesOf(data, encoding)));
    return true;
  }

  digest(encoding) {
    this.#result ??= this[javaOf].finish();
    return encoded(this.#result, encoding);
  }
}

function newDigest(algorithm) {
  const java = hostCrypto.digest(algorithm);
  if (java === null) {
    throw new Error('Digest method not supported');
  }
  return java;
}

class Hash extends Digest {
  /** `algorithm`: a name, or a Hash to copy. */
  constructor(algorithm, length) {
    super();
    this[javaOf] = algorithm instanceof Hash ? algorithm[javaOf].copy() : newDigest(algorithm);
    if (length !== undefined && length !== this[javaOf].length()) {
      throw failure(Error, 'ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH', NOT_EXTENDABLE);
    }
  }
}

class Hmac extends Digest {
  init(algorithm, key) {
    this[javaOf] = hostCrypto.hmac(algorithm, ...keyParts(key));
    if (this[javaOf] === null) {
      throw invalidDigest(algorithm);
    }
  }
}

class HashJob extends Job {
  #algorithm;
  #data;

  constructor(mode, algorithm, data) {
    super(mode);
    this.#algorithm = algorithm;
    this.#data = data;
  }

  compute() {
    const java = newDigest(this.#algorithm);
    java.update(...parts(this.#data));
    return fromHost(java.finish()).buffer;
  }
}

Object.assign(exports, {
  Hash,
  Hmac,
  HashJob,
  oneShotDigest(algorithm, id, cache, input, encoding) {
    const java = newDigest(algorithm);
    java.update(...parts(bytesOf(input, 'utf8')));
    return encoded(java.finish(), encoding);
  },
  getHashes() {
    const names = [...hostCrypto.digests()];
    return [...names.filter((name) => !name.includes('-')).map(rsaName), ...names];
  },
  getCachedAliases: () => ({}),
  getFipsCrypto: () => 0,
});

const rsaName = (name) => `RSA-${name.toUpperCase()}`;
