/** OpenSSL's errors, as Node tells them. */
'use strict';

/** By the code: OpenSSL's number, library, reason. */
const ERRORS = {
  ERR_OSSL_BAD_DECRYPT: ['1C800064', 'Provider routines', 'bad decrypt'],
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: [
    '07880109',
    'common libcrypto routines',
    'interrupted or cancelled',
  ],
  ERR_OSSL_PEM_BAD_BASE64_DECODE: ['04800064', 'PEM routines', 'bad base64 decode'],
  ERR_OSSL_PEM_NO_START_LINE: ['0480006C', 'PEM routines', 'no start line'],
  ERR_OSSL_UNSUPPORTED: ['1E08010C', 'DECODER routines', 'unsupported'],
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: [
    '05800074',
    'x509 certificate routines',
    'key values mismatch',
  ],
  ERR_SSL_NO_CIPHERS_AVAILABLE: ['0A0000B5', 'SSL routines', 'no ciphers available'],
  ERR_SSL_NO_CIPHER_MATCH: ['0A0000B9', 'SSL routines', 'no cipher match'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['0A00010B', 'SSL routines', 'wrong version number'],
};

/** What Node says without a code. */
const PLAIN = {
  PKCS12_MAC: 'mac verify failure',
  PKCS12_FORMAT: 'wrong tag',
};

/** Alerts of the other side: number and reason; the number is 1000 more than the alert's. */
const ALERTS = {
  unexpected_message: [10, 'sslv3 alert unexpected message'],
  bad_record_mac: [20, 'sslv3 alert bad record mac'],
  record_overflow: [22, 'tlsv1 alert record overflow'],
  handshake_failure: [40, 'sslv3 alert handshake failure'],
  bad_certificate: [42, 'sslv3 alert bad certificate'],
  unsupported_certificate: [43, 'sslv3 alert unsupported certificate'],
  certificate_revoked: [44, 'sslv3 alert certificate revoked'],
  certificate_expired: [45, 'sslv3 alert certificate expired'],
  certificate_unknown: [46, 'sslv3 alert certificate unknown'],
  illegal_parameter: [47, 'sslv3 alert illegal parameter'],
  unknown_ca: [48, 'tlsv1 alert unknown ca'],
  access_denied: [49, 'tlsv1 alert access denied'],
  decode_error: [50, 'tlsv1 alert decode error'],
  decrypt_error: [51, 'tlsv1 alert decrypt error'],
  protocol_version: [70, 'tlsv1 alert protocol version'],
  insufficient_security: [71, 'tlsv1 alert insufficient security'],
  internal_error: [80, 'tlsv1 alert internal error'],
  inappropriate_fallback: [86, 'tlsv1 alert inappropriate fallback'],
  user_canceled: [90, 'tlsv1 alert user cancelled'],
  no_renegotiation: [100, 'tlsv1 alert no renegotiation'],
  missing_extension: [109, 'tlsv13 alert missing extension'],
  unsupported_extension: [110, 'tlsv1 unsupported extension'],
  unrecognized_name: [112, 'tlsv1 unrecognized name'],
  certificate_required: [116, 'tlsv13 alert certificate required'],
  no_application_protocol: [120, 'tlsv1 alert no application protocol'],
};

/** What OpenSSL says of a certificate that it does not believe. */
const CERTIFICATES = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_UNTRUSTED: 'certificate not trusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  INVALID_CA: 'invalid CA certificate',
  INVALID_PURPOSE: 'unsupported certificate purpose',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
};

function make(code, number, library, reason, more = '') {
  const error = new Error(`error:${number}:${library}::${reason}${more}`);
  return Object.assign(error, { library, reason, code });
}

/** The error of a code of Java's. */
exports.openSslError = (code) =>
  Object.hasOwn(PLAIN, code) ? new Error(PLAIN[code]) : make(code, ...ERRORS[code]);

/** Throws the error of a code; null is none. */
exports.check = (code) => {
  if (code !== null) {
    throw exports.openSslError(code);
  }
};

/** What ended a connection: an alert, or what Java says. */
exports.connectionError = (what) => {
  if (what === 'wrong_version_number') {
    return exports.openSslError('ERR_SSL_WRONG_VERSION_NUMBER');
  }
  const alert = ALERTS[/^alert (\w+)$/.exec(what)?.[1]];
  if (alert === undefined) {
    return make('ERR_SSL_SSL_HANDSHAKE_FAILURE', '0A0000E5', 'SSL routines', what);
  }
  const [number, reason] = alert;
  const hex = (0x0a000000 + 1000 + number).toString(16).toUpperCase().padStart(8, '0');
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return make(code, hex, 'SSL routines', reason, `:SSL alert number ${number}`);
};

/** The error of a certificate. */
exports.certificateError = (code) =>
  Object.assign(new Error(CERTIFICATES[code] ?? 'certificate not trusted'), { code });
