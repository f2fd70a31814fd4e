/** Node's crypto binding as far as TLS needs it: SecureContext, and the authorities. */
'use strict';

const { tls } = host;
const { notSupported } = require('failures');
const { check } = require('bindings/tls-errors');
const bytes = require('intrinsics');

const VERSIONS = { 0x0301: 'TLSv1', 0x0302: 'TLSv1.1', 0x0303: 'TLSv1.2', 0x0304: 'TLSv1.3' };
const OLDEST = 0x0301;
const NEWEST = 0x0304;

/** `secureProtocol`, the old way to say which versions: its first part, and the versions. */
const METHODS = {
  SSLv23: [OLDEST, NEWEST],
  TLS: [OLDEST, NEWEST],
  TLSv1: [0x0301, 0x0301],
  TLSv1_1: [0x0302, 0x0302],
  TLSv1_2: [0x0303, 0x0303],
};

const text = (value) => (typeof value === 'string' ? value : bytes.latin1Slice.call(viewOf(value)));

function viewOf(value) {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

const invalidMethod = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_TLS_INVALID_PROTOCOL_METHOD' });

let contextOf;

/** What clients believe instead of Java's authorities: tls.setDefaultCACertificates. */
let defaultAuthorities = null;

class SecureContext {
  #context = tls.newContext();
  #oldest = OLDEST;
  #newest = NEWEST;
  #suites = '';

  static {
    contextOf = (context) => context.#context;
  }

  init(method, oldest, newest) {
    if (method === undefined || method === null || method === '') {
      this.#setVersions(oldest || OLDEST, newest || NEWEST);
      return;
    }
    const [, name] = /^(\w+?)(?:_(?:client|server))?_method$/.exec(method) ?? [];
    if (/^SSLv[23]$/.test(name)) {
      throw invalidMethod(`${name} methods disabled`);
    }
    if (!Object.hasOwn(METHODS, name ?? '')) {
      throw invalidMethod(`Unknown method: ${method}`);
    }
    this.#setVersions(...METHODS[name]);
  }

  #setVersions(oldest, newest) {
    this.#oldest = oldest;
    this.#newest = newest;
    const names = [];
    for (let version = newest; version >= oldest; version--) {
      names.push(VERSIONS[version]);
    }
    this.#context.setProtocols(names);
  }

  getMinProto() {
    return this.#oldest;
  }

  getMaxProto() {
    return this.#newest;
  }

  setMinProto(version) {
    this.#setVersions(version, this.#newest);
  }

  setMaxProto(version) {
    this.#setVersions(this.#oldest, version);
  }

  /** Bugs of others to put up with, and the like: Java has its own mind. */
  setOptions() {}

  setCipherSuites(list) {
    this.#suites = list;
  }

  setCiphers(list) {
    check(this.#context.setCiphers([this.#suites, list].filter((part) => part !== '').join(':')));
  }

  addCACert(certificate) {
    check(this.#context.addAuthorities(text(certificate)));
  }

  addRootCerts() {
    if (defaultAuthorities === null) {
      this.#context.addRoots();
    } else {
      defaultAuthorities.forEach((pem) => check(this.#context.addAuthorities(pem)));
    }
  }

  setAllowPartialTrustChain() {
    this.#context.allowPartialChain();
  }

  setCert(certificate) {
    check(this.#context.setCertificate(text(certificate)));
  }

  setKey(key, passphrase) {
    check(this.#context.setKey(text(key), passphrase ?? null));
  }

  loadPKCS12(file, passphrase) {
    const view = viewOf(file);
    const secret = passphrase === undefined ? null : text(passphrase);
    check(
      this.#context.loadPkcs12(view.buffer, view.byteOffset, view.byteLength, secret),
    );
  }

  /** What is best for both sides: Java's. */
  setECDHCurve() {}

  setSigalgs() {
    throw notSupported("the option 'sigalgs' of node:tls");
  }

  /** A server's. */
  setDHParam() {}

  addCRL() {
    throw notSupported("the option 'crl' of node:tls");
  }

  setSessionIdContext() {}

  setSessionTimeout() {}

  setTicketKeys() {
    throw notSupported("the option 'ticketKeys' of node:tls");
  }

  getTicketKeys() {
    throw notSupported('node:tls.Server');
  }

  close() {}
}

/** PEM text of each certificate in `pem`. */
function split(pem) {
  return text(pem).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

exports.contextOf = (context) => contextOf(context);

Object.assign(exports, {
  SecureContext,
  getBundledRootCertificates: () => [...tls.roots()],
  getExtraCACertificates: () => [...tls.extra()],
  getSystemCACertificates: () => [...tls.roots()],
  getUserRootCertificates: () => [...defaultAuthorities],
  getRootCertificates: () => [...tls.roots()],
  getSSLCiphers: () => [...tls.ciphers()].map((name) => name.toLowerCase()),
  resetRootCertStore(certificates) {
    defaultAuthorities = [...new Set(certificates.flatMap(split))];
  },
  startLoadingCertificatesOffThread() {},
});
