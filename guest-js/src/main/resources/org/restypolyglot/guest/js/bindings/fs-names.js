/** Paths on their way to Java, and names on their way back: a name on Linux is bytes, not text. */
'use strict';

const { wellFormed } = require('replies');
const { FastBuffer } = require('fast-buffer');
const { encode } = require('intrinsics');

/** What Java takes for a path: a text, or an ArrayBuffer of bytes. */
exports.pathOf = (path) =>
  typeof path === 'string' ? wellFormed(path) : Uint8Array.prototype.slice.call(path).buffer;

/** Whether Java has to give names as bytes, which it does as one character for each. */
exports.wantsBytes = (encoding) =>
  encoding !== undefined && encoding !== null && !/^utf-?8$/i.test(encoding);

/** A name from Java in the encoding that was asked for. */
exports.nameIn = (name, encoding) => {
  if (!exports.wantsBytes(encoding)) {
    return name;
  }
  const bytes = new FastBuffer(encode(name, 'LATIN_1'));
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
};

/** The names of a folder's entries, which Java gives as one text, and their types: "12/first/second". */
exports.entriesOf = (text, encoding) => {
  const names = text.split('/');
  const types = names.shift();
  return {
    names: exports.wantsBytes(encoding)
      ? names.map((name) => exports.nameIn(name, encoding))
      : names,
    types,
  };
};

/** The types as numbers. */
exports.typesOf = (types) => Array.from(types, Number);
