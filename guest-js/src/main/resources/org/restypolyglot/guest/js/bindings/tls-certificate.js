/** A certificate of Java's as the object that getPeerCertificate gives. */
'use strict';

const { copyIn } = require('intrinsics');
const { FastBuffer } = require('fast-buffer');

const NIST = { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const OPENSSL = { secp256r1: 'prime256v1' };

const bytes = (hostBuffer) => new FastBuffer(copyIn(hostBuffer));

/** Names that come more than once have all their values. */
function names(parts) {
  const all = { __proto__: null };
  for (let i = 0; i < parts.length; i += 2) {
    const [name, value] = [parts[i], parts[i + 1]];
    all[name] = name in all ? [all[name], value].flat() : value;
  }
  return all;
}

/** Text that could be taken for more than one name is quoted. */
function quoted(value) {
  return /[",\\']/.test(value) ? JSON.stringify(value) : value;
}

function alternativeNames(parts) {
  const { formatAddress, parseAddress } = require('bindings/addresses');
  const all = [];
  for (let i = 0; i < parts.length; i += 2) {
    const [kind, value] = [parts[i], parts[i + 1]];
    if (kind !== 'IP Address') {
      all.push(`${kind}:${quoted(value)}`);
      continue;
    }
    const address = parseAddress(value);
    all.push(`${kind}:${address === undefined ? value : shown(address, formatAddress)}`);
  }
  return all.length === 0 ? undefined : all.join(', ');
}

/** As OpenSSL prints one: IPv6 in capitals and in full. */
function shown(address, format) {
  if (address.length === 4) {
    return format(address);
  }
  const group = (i) => ((address[2 * i] << 8) | address[2 * i + 1]).toString(16).toUpperCase();
  return Array.from({ length: 8 }, (_, i) => group(i)).join(':');
}

function key(certificate) {
  const kind = certificate.keyKind();
  if (kind === 'RSA') {
    return {
      modulus: certificate.modulus(),
      bits: certificate.keyBits(),
      exponent: certificate.exponent(),
      pubkey: bytes(certificate.publicKey()),
    };
  }
  if (kind !== 'EC') {
    return {};
  }
  const curve = certificate.curve();
  return {
    bits: certificate.keyBits(),
    pubkey: bytes(certificate.publicKey()),
    asn1Curve: OPENSSL[curve] ?? curve,
    ...(curve in NIST ? { nistCurve: NIST[curve] } : {}),
  };
}

const given = (name, value) => (value === undefined || value === null ? {} : { [name]: value });

exports.describe = (certificate) => ({
  subject: names(certificate.subject()),
  issuer: names(certificate.issuer()),
  ...given('subjectaltname', alternativeNames(certificate.alternativeNames())),
  ...given('infoAccess', certificate.infoAccess() || undefined),
  ca: certificate.isAuthority(),
  ...key(certificate),
  valid_from: certificate.validFrom(),
  valid_to: certificate.validTo(),
  fingerprint: certificate.fingerprint('SHA-1'),
  fingerprint256: certificate.fingerprint('SHA-256'),
  fingerprint512: certificate.fingerprint('SHA-512'),
  ...given('ext_key_usage', usage(certificate.keyUsage())),
  serialNumber: certificate.serialNumber(),
  raw: bytes(certificate.raw()),
});

function usage(identifiers) {
  return identifiers === null ? undefined : [...identifiers];
}
