/**
 * Node's crypto binding: one table of what there is, by file. What is not in it refuses by its name
 * when it is called or made; so Node's crypto.js loads whole, and says what is missing.
 */
'use strict';

const { notSupported } = require('failures');
const { cryptoConstants } = require('node-constants');

const PROVIDERS = {
  'bindings/crypto/hash':
    'Hash Hmac HashJob oneShotDigest getHashes getCachedAliases getFipsCrypto',
  'bindings/crypto/random': 'RandomBytesJob secureBuffer secureHeapUsed timingSafeEqual',
  'bindings/crypto/derive': 'PBKDF2Job HKDFJob ScryptJob',
  'bindings/crypto/keys': 'KeyObjectHandle SecretKeyGenJob createNativeKeyObjectClass',
  'bindings/tls-context':
    'SecureContext getBundledRootCertificates getExtraCACertificates getSystemCACertificates ' +
    'getUserRootCertificates getRootCertificates getSSLCiphers resetRootCertStore ' +
    'startLoadingCertificatesOffThread',
  'bindings/crypto/cipher': 'CipherBase getCipherInfo getCiphers getCurves',
};

const files = new Map();
for (const [file, names] of Object.entries(PROVIDERS)) {
  for (const name of names.split(' ')) {
    files.set(name, file);
  }
}

/** For `new` and calls alike. */
function refusal(name) {
  return function refuse() {
    throw notSupported(`node:crypto: ${name}`);
  };
}

module.exports = new Proxy(
  { __proto__: null },
  {
    get(made, name) {
      if (name in made || typeof name === 'symbol') {
        return made[name];
      }
      if (Object.hasOwn(cryptoConstants, name)) {
        return cryptoConstants[name];
      }
      made[name] = files.has(name) ? require(files.get(name))[name] : refusal(name);
      return made[name];
    },
  },
);
