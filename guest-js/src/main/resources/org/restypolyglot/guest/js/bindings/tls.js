/** Node's tls_wrap: a layer of TLS on a handle, the client's side. */
'use strict';

const { tls } = host;
const { notSupported } = require('failures');
const { LibuvStreamWrap, socketOf } = require('bindings/streams');
const { contextOf } = require('bindings/tls-context');
const { certificateError, connectionError, openSslError } = require('bindings/tls-errors');
const { describe } = require('bindings/tls-certificate');
const { copyIn } = require('intrinsics');
const { FastBuffer } = require('fast-buffer');

let libraryClose;

const UV_EPROTO = -71;

class TLSWrap extends LibuvStreamWrap {
  #layer;
  #under;
  #started = false;
  #failed = false;
  #secure = false;
  #servername;
  #wantsToRead = false;

  constructor(under, context) {
    super(under);
    this.#layer = tls.wrap(socketOf(this), contextOf(context));
    this.#under = under;
    under.readBy?.(this);
    this.#wantsToRead = under.reading === true;
    under.readStop();
    this.takeReads();
  }

  /** Node's library sets how, for all. */
  set close(close) {
    libraryClose = close;
  }

  get close() {
    return (callback) => {
      this.#under.abandon?.();
      return Reflect.apply(libraryClose, this, [callback]);
    };
  }

  // ---- before the handshake --------------------------------------------------------------------

  setVerifyMode() {} // it is asked for afterwards

  enableSessionCallbacks() {} // sessions are not told

  enableKeylogCallback() {
    throw notSupported("the event 'keylog' of node:tls");
  }

  enableTrace() {
    throw notSupported("the option 'enableTrace' of node:tls");
  }

  enablePskCallback() {
    throw notSupported("the option 'pskCallback' of node:tls");
  }

  requestOCSP() {
    throw notSupported("the option 'requestOCSP' of node:tls");
  }

  setServername(name) {
    this.#servername = name;
    this.#layer.setServername(name);
  }

  getServername() {
    return this.#servername ?? false;
  }

  setALPNProtocols(list) {
    const names = [];
    for (let at = 0; at < list.length; at += list[at] + 1) {
      names.push(list.latin1Slice(at + 1, at + 1 + list[at]));
    }
    this.#layer.setProtocols(names);
  }

  /** Each connection has a session of its own. */
  setSession() {}

  getSession() {
    return undefined;
  }

  isSessionReused() {
    return false;
  }

  getTLSTicket() {
    return undefined;
  }

  /** What the socket below had read already. */
  receive(buffer) {
    this.#layer.receive(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  writesIssuedByPrevListenerDone() {} // they are ahead of ours in any case

  start() {
    this.#started = true;
    const refused = this.#layer.start(this.request((failure) => this.#done(failure)));
    if (refused !== null) {
      this.refused();
      throw openSslError(refused);
    }
    if (this.#wantsToRead) {
      super.readStart();
    }
  }

  #done(failure) {
    if (this.closed || this.#failed) {
      return;
    }
    if (failure === null) {
      this.#secure = true;
      this.onhandshakedone();
      return;
    }
    this.#failed = true;
    const error = connectionError(failure);
    if (this.#secure) {
      this.settleWrites(0); // TLS had taken them
      this.onerror(error);
    } else if (!this.settleWrites(UV_EPROTO, `${error.message}\n`)) {
      this.onerror(error);
    }
  }

  // ---- data ------------------------------------------------------------------------------------

  readStart() {
    this.#wantsToRead = true;
    return this.#started ? super.readStart() : 0;
  }

  readStop() {
    this.#wantsToRead = false;
    return this.#started ? super.readStop() : 0;
  }

  // ---- after the handshake ---------------------------------------------------------------------

  verifyError() {
    const code = this.#layer.verifyError();
    return code === null ? null : certificateError(code);
  }

  getALPNNegotiatedProtocol() {
    return this.#layer.protocol() || false;
  }

  getProtocol() {
    return this.#layer.version();
  }

  getCipher() {
    const names = this.#layer.cipher();
    if (names === null) {
      return undefined;
    }
    const [name, standardName] = names;
    return { name, standardName, version: sinceVersion(standardName) };
  }

  /** Java does not say which curve it was. */
  getEphemeralKeyInfo() {
    return {};
  }

  getSharedSigalgs() {
    return [];
  }

  getFinished() {
    throw notSupported('TLSSocket.getFinished');
  }

  getPeerFinished() {
    throw notSupported('TLSSocket.getPeerFinished');
  }

  getPeerCertificate(detailed) {
    const chain = [...this.#layer.peerCertificates()];
    if (chain.length === 0) {
      return undefined;
    }
    const [own, ...issuers] = (detailed ? chain : chain.slice(0, 1)).map(describe);
    let last = own;
    for (const issuer of issuers) {
      last.issuerCertificate = issuer;
      last = issuer;
    }
    if (detailed && isSelfIssued(last)) {
      last.issuerCertificate = last;
    }
    return own;
  }

  getCertificate() {
    const own = this.#layer.ownCertificate();
    return own === null ? undefined : describe(own);
  }

  getPeerX509Certificate() {
    throw notSupported('TLSSocket.getPeerX509Certificate');
  }

  getX509Certificate() {
    throw notSupported('TLSSocket.getX509Certificate');
  }

  exportKeyingMaterial(length, label, context) {
    const seed =
      context === undefined
        ? null
        : context.buffer.slice(context.byteOffset, context.byteOffset + context.byteLength);
    const material = this.#layer.exportKeyingMaterial(label, seed, length);
    if (material === null) {
      throw notSupported('TLSSocket.exportKeyingMaterial of this connection');
    }
    return new FastBuffer(copyIn(material));
  }

  renegotiate() {
    throw notSupported('TLSSocket.renegotiate');
  }

  setMaxSendFragment() {
    return 0;
  }

  setKeyCert() {
    throw notSupported('TLSSocket.setKeyCert');
  }

  destroySSL() {}
}

const isSelfIssued = ({ subject, issuer }) => JSON.stringify(subject) === JSON.stringify(issuer);

/** The first version of TLS that has a cipher suite. */
function sinceVersion(suite) {
  if (/^TLS_(AES|CHACHA20)_/.test(suite)) {
    return 'TLSv1.3';
  }
  if (/GCM|CCM|POLY1305|SHA256$|SHA384$/.test(suite)) {
    return 'TLSv1.2';
  }
  return suite.includes('ECDH') ? 'TLSv1.0' : 'SSLv3';
}

exports.TLSWrap = TLSWrap;
exports.HAVE_SSL_TRACE = false;

exports.wrap = (handle, context, isServer) => {
  if (isServer) {
    throw notSupported("the server's side of a TLSSocket", ': nginx is the server');
  }
  return new TLSWrap(handle, context);
};
