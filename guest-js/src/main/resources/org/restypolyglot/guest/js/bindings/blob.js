/** The bytes behind Blob. */
'use strict';

const { CLONE, CLONEABLE, DESERIALIZE, MODE, infoOf, register } = require('messages');

/** Object URLs of this context. */
const objects = new Map();

class Handle {
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
    this[MODE] = CLONEABLE;
  }

  [CLONE]() {
    return { data: this.#bytes, deserializeInfo: infoOf('BlobHandle') };
  }

  [DESERIALIZE](bytes) {
    this.#bytes = bytes;
  }

  get bytes() {
    return this.#bytes;
  }

  slice(start, end) {
    return new Handle(this.#bytes.subarray(start, end));
  }

  /** Gives all bytes at once: status 1, then 0 for the end. */
  getReader() {
    let rest = this.#bytes;
    return {
      pull(callback) {
        const part = rest;
        rest = undefined;
        if (part === undefined || part.length === 0) {
          callback(0, undefined);
        } else {
          callback(1, part.slice().buffer);
        }
      },
    };
  }
}

register('BlobHandle', () => new Handle());

function concat(parts) {
  const views = parts.map((part) =>
    ArrayBuffer.isView(part)
      ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
      : new Uint8Array(part),
  );
  const result = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    result.set(view, at);
    at += view.length;
  }
  return result.buffer;
}

Object.assign(exports, {
  concat,
  createBlob: (sources) =>
    new Handle(
      new Uint8Array(
        concat(sources.map((source) => (source instanceof Handle ? source.bytes : source))),
      ),
    ),
  createBlobFromFilePath: () => undefined,
  storeDataObject: (id, handle, length, type) => void objects.set(id, [handle, length, type]),
  getDataObject: (id) => objects.get(id),
  revokeObjectURL: (input) => void objects.delete(/^blob:nodedata:([^?#]*)/.exec(input)?.[1]),
});
