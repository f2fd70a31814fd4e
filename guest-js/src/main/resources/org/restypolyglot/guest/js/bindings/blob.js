/** The bytes behind Blob: parts in memory, and parts of files. */
'use strict';

const { files } = host;
const { request } = require('loop');
const { CLONE, CLONEABLE, DESERIALIZE, MODE, infoOf, register } = require('messages');

const END = 0;
const MORE = 1;

/** How much of a file is read at once. */
const CHUNK = 64 * 1024;

/** Object URLs of this context. */
const objects = new Map();

/** Some bytes; `read` calls back once for each chunk: `(status, buffer)`, negative for an error. */
class MemoryPart {
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
    this[MODE] = CLONEABLE;
  }

  [CLONE]() {
    return { data: this.#bytes, deserializeInfo: infoOf('BlobBytes') };
  }

  [DESERIALIZE](bytes) {
    this.#bytes = bytes;
  }

  get length() {
    return this.#bytes.length;
  }

  slice(start, end) {
    return new MemoryPart(this.#bytes.subarray(start, end));
  }

  chunk(at, callback) {
    callback(MORE, this.#bytes.slice(at).buffer);
  }
}

/** A part of a file, which must not change between now and when it is read. */
class FilePart {
  #path;
  #state;
  #start;
  #length;

  constructor(path, state, start, length) {
    this.#path = path;
    this.#state = state;
    this.#start = start;
    this.#length = length;
    this[MODE] = CLONEABLE;
  }

  [CLONE]() {
    const data = [this.#path, this.#state, this.#start, this.#length];
    return { data, deserializeInfo: infoOf('BlobFile') };
  }

  [DESERIALIZE]([path, state, start, length]) {
    this.#path = path;
    this.#state = state;
    this.#start = start;
    this.#length = length;
  }

  get length() {
    return this.#length;
  }

  slice(start, end) {
    return new FilePart(this.#path, this.#state, this.#start + start, end - start);
  }

  chunk(at, callback) {
    const wanted = Math.min(CHUNK, this.#length - at);
    const { size, seconds, nanos } = this.#state;
    files.readUnchanged(
      this.#path,
      size,
      seconds,
      nanos,
      this.#start + at,
      wanted,
      request((bytes) => {
        if (typeof bytes === 'number' && (bytes < 0 || wanted > 0)) {
          callback(Math.min(bytes, -1), undefined); // shorter than it was is an error, too
          return;
        }
        const buffer = new ArrayBuffer(wanted);
        require('bindings/fs-bytes').copyInto(new Uint8Array(buffer), 0, bytes);
        callback(MORE, buffer);
      }),
    );
  }
}

class Handle {
  #parts;

  constructor(parts) {
    this.#parts = parts;
    this[MODE] = CLONEABLE;
  }

  [CLONE]() {
    return { data: this.#parts, deserializeInfo: infoOf('BlobHandle') };
  }

  [DESERIALIZE](parts) {
    this.#parts = parts;
  }

  get parts() {
    return this.#parts;
  }

  slice(start, end) {
    const parts = [];
    let at = 0;
    for (const part of this.#parts) {
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, part.length);
      if (from < to) {
        parts.push(part.slice(from, to));
      }
      at += part.length;
    }
    return new Handle(parts);
  }

  /** Gives chunk after chunk: status 1, then 0 for the end; or a negative one. */
  getReader() {
    const parts = [...this.#parts];
    let at = 0;
    return {
      pull(callback) {
        if (parts.length === 0) {
          callback(END, undefined);
          return;
        }
        const [part] = parts;
        part.chunk(at, (status, buffer) => {
          at += buffer?.byteLength ?? 0;
          if (at >= part.length) {
            parts.shift();
            at = 0;
          }
          callback(status, buffer);
        });
      },
    };
  }
}

register('BlobBytes', () => new MemoryPart(undefined));
register('BlobFile', () => new FilePart());
register('BlobHandle', () => new Handle([]));

function viewOf(part) {
  return ArrayBuffer.isView(part)
    ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    : new Uint8Array(part);
}

function concat(buffers) {
  const views = buffers.map(viewOf);
  const result = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    result.set(view, at);
    at += view.length;
  }
  return result.buffer;
}

/** Bytes that follow one another are one part; each is the blob's own copy. */
function partsOf(sources) {
  const parts = [];
  let bytes = [];
  const flush = () => {
    if (bytes.length > 0) {
      parts.push(new MemoryPart(new Uint8Array(concat(bytes))));
      bytes = [];
    }
  };
  for (const source of sources) {
    if (source instanceof Handle) {
      flush();
      parts.push(...source.parts);
    } else {
      bytes.push(source);
    }
  }
  flush();
  return parts;
}

/** The blob of a whole file and its length; undefined where it cannot be read. */
function createBlobFromFilePath(path) {
  const { pathOf } = require('bindings/fs-names');
  const { numbersOf } = require('bindings/fs-bytes');
  const name = pathOf(path);
  const fields = files.stat(name, true, false, null);
  if (typeof fields === 'number') {
    return undefined;
  }
  const stats = numbersOf(fields, new Float64Array(18));
  const state = { size: stats[8], seconds: stats[12], nanos: stats[13] };
  return [new Handle([new FilePart(name, state, 0, state.size)]), state.size];
}

Object.assign(exports, {
  concat,
  createBlob: (sources) => new Handle(partsOf(sources)),
  createBlobFromFilePath,
  storeDataObject: (id, handle, length, type) => void objects.set(id, [handle, length, type]),
  getDataObject: (id) => objects.get(id),
  revokeObjectURL: (input) => void objects.delete(/^blob:nodedata:([^?#]*)/.exec(input)?.[1]),
});
