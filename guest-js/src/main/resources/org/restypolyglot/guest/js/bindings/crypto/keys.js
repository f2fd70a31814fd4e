/** Keys: secret ones. */
'use strict';

const { crypto: hostCrypto } = host;
const { notSupported } = require('failures');
const { cryptoConstants } = require('node-constants');
const { fromHost, parts } = require('bindings/crypto/bytes');
const { Job } = require('bindings/crypto/jobs');
const { CLONE, CLONEABLE, DESERIALIZE, MODE, infoOf, register } = require('messages');

const BITS = 8;

let bytesOfHandle;

class KeyObjectHandle {
  #bytes;

  static {
    bytesOfHandle = (handle) => (#bytes in handle ? handle.#bytes : undefined);
  }

  init(type, key) {
    if (type !== cryptoConstants.kKeyTypeSecret) {
      throw notSupported('node:crypto: public and private keys');
    }
    this.#bytes = new Uint8Array(new Uint8Array(...parts(key)));
  }

  initJwk(jwk) {
    if (jwk.kty !== 'oct') {
      throw notSupported('node:crypto: public and private keys');
    }
    this.init(cryptoConstants.kKeyTypeSecret, globalThis.Buffer.from(jwk.k, 'base64url'));
    return cryptoConstants.kKeyTypeSecret;
  }

  export() {
    return globalThis.Buffer.from(this.#bytes);
  }

  exportJwk(target) {
    return Object.assign(target, {
      kty: 'oct',
      k: globalThis.Buffer.from(this.#bytes).toString('base64url'),
    });
  }

  keyDetail(target) {
    return Object.assign(target, { length: this.#bytes.length * BITS });
  }

  getSymmetricKeySize() {
    return this.#bytes.length;
  }

  equals(other) {
    const theirs = bytesOfHandle(other);
    return (
      theirs.length === this.#bytes.length &&
      require('bindings/crypto/random').timingSafeEqual(theirs, this.#bytes)
    );
  }
}

/** What it has for public and private keys. */
for (const name of ['checkEcKeyData', 'getAsymmetricKeyType', 'initECRaw', 'initEDRaw']) {
  KeyObjectHandle.prototype[name] = () => {
    throw notSupported('node:crypto: public and private keys');
  };
}

class SecretKeyGenJob extends Job {
  #bits;

  constructor(mode, bits) {
    super(mode);
    this.#bits = bits;
  }

  compute() {
    const handle = new KeyObjectHandle();
    handle.init(
      cryptoConstants.kKeyTypeSecret,
      fromHost(hostCrypto.random(Math.trunc(this.#bits / BITS))),
    );
    return handle;
  }
}

const handles = new WeakMap();

class NativeKeyObject {
  constructor(handle) {
    handles.set(this, handle);
    this[MODE] = CLONEABLE;
  }

  [CLONE]() {
    return { data: bytesOfHandle(handles.get(this)), deserializeInfo: infoOf('SecretKey') };
  }

  [DESERIALIZE](bytes) {
    handles.get(this).init(cryptoConstants.kKeyTypeSecret, bytes);
  }
}

register('SecretKey', () => {
  const { SecretKeyObject } = require('bindings').requireNode('internal/crypto/keys');
  return new SecretKeyObject(new KeyObjectHandle());
});

Object.assign(exports, {
  KeyObjectHandle,
  SecretKeyGenJob,
  createNativeKeyObjectClass: (make) => make(NativeKeyObject),

  /** The bytes of a key: a buffer, a handle or a KeyObject. */
  keyParts(key) {
    const handle = handles.get(key) ?? key;
    return parts(handle instanceof KeyObjectHandle ? bytesOfHandle(handle) : key);
  },
});
