/** The text encodings of Buffer. */
'use strict';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CHUNK = 8192;

/** The value of each character in base64 and base64url. */
const base64Values = new Map([...BASE64, ...'-_'].map((char, i) => [char, i < 64 ? i : i - 2]));

const ALIASES = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  hex: 'hex',
  base64: 'base64',
  base64url: 'base64url',
  latin1: 'latin1',
  binary: 'latin1',
  ascii: 'ascii',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
};

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function fromCodes(bytes, mask) {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    const codes = Array.from(bytes.subarray(i, i + CHUNK), (byte) => byte & mask);
    text += String.fromCharCode(...codes);
  }
  return text;
}

function encodeHex(text) {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const pair = text.slice(2 * i, 2 * i + 2);
    if (!/^[0-9a-f]{2}$/i.test(pair)) {
      return bytes.subarray(0, i);
    }
    bytes[i] = parseInt(pair, 16);
  }
  return bytes;
}

/** Like Node: skips what is no character of base64, ends at the first "=". */
function encodeBase64(text) {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (const char of text) {
    if (char === '=') {
      break;
    }
    const value = base64Values.get(char);
    if (value !== undefined) {
      bits = ((bits << 6) | value) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes[length++] = (bits >> count) & 0xff;
      }
    }
  }
  return bytes.subarray(0, length);
}

function decodeBase64(bytes, last, padding) {
  const alphabet = BASE64.slice(0, 62) + last;
  const parts = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const given = Math.min(3, bytes.length - i);
    parts.push(alphabet[group >> 18] + alphabet[(group >> 12) & 63]);
    parts.push(given > 1 ? alphabet[(group >> 6) & 63] : padding);
    parts.push(given > 2 ? alphabet[group & 63] : padding);
  }
  return parts.join('');
}

function encodeCodes(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

function encodeUtf16(text) {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) {
    view.setUint16(2 * i, text.charCodeAt(i), true);
  }
  return bytes;
}

function decodeUtf16(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    text += String.fromCharCode(view.getUint16(i, true));
  }
  return text;
}

const CODECS = {
  utf8: {
    encode: (text) => utf8Encoder.encode(text),
    decode: (bytes) => utf8Decoder.decode(bytes),
  },
  hex: {
    encode: encodeHex,
    decode: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  },
  base64: { encode: encodeBase64, decode: (bytes) => decodeBase64(bytes, '+/', '=') },
  base64url: { encode: encodeBase64, decode: (bytes) => decodeBase64(bytes, '-_', '') },
  latin1: { encode: encodeCodes, decode: (bytes) => fromCodes(bytes, 0xff) },
  ascii: { encode: encodeCodes, decode: (bytes) => fromCodes(bytes, 0x7f) },
  utf16le: { encode: encodeUtf16, decode: decodeUtf16 },
};

function aliasOf(name) {
  const key = String(name).toLowerCase();
  return Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
}

function codec(name) {
  const known = name === undefined || name === null ? 'utf8' : aliasOf(name);
  if (known === undefined) {
    throw Object.assign(new TypeError(`Unknown encoding: ${name}`), {
      code: 'ERR_UNKNOWN_ENCODING',
    });
  }
  return CODECS[known];
}

exports.isEncoding = (name) => typeof name === 'string' && aliasOf(name) !== undefined;
exports.encode = (text, encoding) => codec(encoding).encode(String(text));
exports.decode = (bytes, encoding) => codec(encoding).decode(bytes);

/** As many whole characters as fit into `room` bytes. */
exports.encodeWithin = (text, encoding, room) => {
  const bytes = exports.encode(text, encoding);
  if (bytes.length <= room) {
    return bytes;
  }
  let end = room;
  if (codec(encoding) === CODECS.utf8) {
    while (end > 0 && (bytes[end] & 0xc0) === 0x80) {
      end--;
    }
  }
  return bytes.subarray(0, end);
};
