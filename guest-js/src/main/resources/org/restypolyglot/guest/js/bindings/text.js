/** TextEncoder's and TextDecoder's parts, names of domains, and the width of text on a terminal. */
'use strict';

const { text } = host;
const { isAnyArrayBuffer } = require('bindings/types');
const bytes = require('intrinsics');

const FLAGS = { flush: 1, fatal: 2, ignoreBom: 4 };
const BOM = '\ufeff';

const encodeIntoResults = new Uint32Array(2);

function invalidData(encoding) {
  const { codes } = require('bindings').requireNode('internal/errors');
  return new codes.ERR_ENCODING_INVALID_ENCODED_DATA(encoding, undefined);
}

const NOTHING = new Uint8Array(0);

/** The bytes to decode; none of what is detached. */
function viewOf(input, argument = 'input') {
  const isView = ArrayBuffer.isView(input);
  if (!isView && !isAnyArrayBuffer(input)) {
    throw Object.assign(
      new TypeError(
        `The "${argument}" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ` +
          'ArrayBufferView.',
      ),
      { code: 'ERR_INVALID_ARG_TYPE' },
    );
  }
  const buffer = isView ? input.buffer : input;
  if (buffer.detached) {
    return NOTHING;
  }
  return isView
    ? new Uint8Array(buffer, input.byteOffset, input.byteLength)
    : new Uint8Array(buffer);
}

function decodeUtf8(input, ignoreBom, fatal) {
  const view = viewOf(input, 'list'); // its name in Node
  if (fatal && !bytes.isUtf8(view)) {
    throw invalidData('utf-8');
  }
  const decoded = bytes.utf8Slice.call(view);
  return !ignoreBom && decoded.startsWith(BOM) ? decoded.slice(1) : decoded;
}

exports.encoding_binding = {
  encodeIntoResults,

  encodeInto(source, target) {
    const written = bytes.utf8WriteStatic(target, source, 0, target.length);
    encodeIntoResults[0] = bytes.utf8Slice.call(target, 0, written).length;
    encodeIntoResults[1] = written;
  },

  encodeUtf8String: (source) => new Uint8Array(bytes.encode(source, 'UTF_8')),
  decodeUTF8: decodeUtf8,
  decodeWindows1252: (input) => text.decoder('windows-1252', false).decode(...place(input), true),
  toASCII: (domain) => text.domainToAscii(domain) ?? '',
  toUnicode: (domain) => text.domainToUnicode(domain),
};

/** An ArrayBuffer, and where in it the bytes are. */
function place(input) {
  const view = viewOf(input);
  return [view.buffer, view.byteOffset, view.byteLength];
}

class Converter {
  #decoder;
  #flags;
  #atStart = true;

  constructor(decoder, flags) {
    this.#decoder = decoder;
    this.#flags = flags;
  }

  decode(input, flush, encoding) {
    let decoded = this.#decoder.decode(...place(input), flush);
    if (decoded === null) {
      throw invalidData(encoding);
    }
    if (this.#atStart && decoded !== '') {
      this.#atStart = false;
      const hasBom = decoded.startsWith(BOM) && /^utf-/.test(encoding);
      decoded = hasBom && !(this.#flags & FLAGS.ignoreBom) ? decoded.slice(1) : decoded;
    }
    this.#atStart ||= flush;
    return decoded;
  }
}

/** How many columns of a terminal: wide characters take two, combining ones none. */
function stringWidth(string) {
  let width = 0;
  for (const char of string.normalize('NFC')) {
    const code = char.codePointAt(0);
    if (/\p{Extended_Pictographic}/u.test(char) && code > 0xff) {
      width += 2;
    } else if (isWide(code)) {
      width += 2;
    } else if (!/[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(char)) {
      width += 1;
    }
  }
  return width;
}

const isWide = (code) =>
  code >= 0x1100 &&
  (code <= 0x115f ||
    code === 0x2329 ||
    code === 0x232a ||
    (code >= 0x2e80 && code <= 0x3247 && code !== 0x303f) ||
    (code >= 0x3250 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0xa4c6) ||
    (code >= 0xa960 && code <= 0xa97c) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe10 && code <= 0xfe19) ||
    (code >= 0xfe30 && code <= 0xfe6b) ||
    (code >= 0xff01 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1b000 && code <= 0x1b001) ||
    (code >= 0x1f200 && code <= 0x1f251) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x20000 && code <= 0x3fffd));

const TRANSCODED = {
  ucs2: 'UTF_16',
  utf16le: 'UTF_16',
  utf8: 'UTF_8',
  latin1: 'LATIN_1',
  ascii: 'LATIN_1',
  binary: 'LATIN_1',
};

exports.icu = {
  getStringWidth: stringWidth,
  icuErrName: () => 'U_ILLEGAL_ARGUMENT_ERROR',

  getConverter(encoding, flags) {
    const decoder = text.decoder(encoding, (flags & FLAGS.fatal) !== 0);
    return decoder === null ? undefined : new Converter(decoder, flags);
  },

  decode: (converter, input, flags, encoding) =>
    converter.decode(input, (flags & FLAGS.flush) !== 0, encoding),

  /** A Buffer, or the number of an error. */
  transcode(source, from, to) {
    const { Buffer } = require('bindings').requireNode('buffer');
    if (!Object.hasOwn(TRANSCODED, from) || !Object.hasOwn(TRANSCODED, to)) {
      return -1;
    }
    const decoded = Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString(from);
    const limit = { ascii: 0x7f, latin1: 0xff, binary: 0xff }[to];
    const fitting =
      limit === undefined
        ? decoded
        : Array.from(decoded, (char) => (char.codePointAt(0) > limit ? '?' : char)).join('');
    return Buffer.from(fitting, to);
  },
};
