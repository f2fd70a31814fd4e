/** The handles behind FileHandle and Dir. What a program does not close is closed with its context. */
'use strict';

const { descriptors, files } = host;
const { perform, kUsePromises } = require('bindings/fs-requests');
const { pathOf, wantsBytes, entriesOf } = require('bindings/fs-names');
const { close } = require('bindings/fs');
const { notSupported } = require('failures');
const { TRANSFER, DESERIALIZE, MODE, TRANSFERABLE, infoOf, register } = require('messages');

const NAME = 'FileHandle';

let lastAsyncId = 0;

/** Of fsPromises.open. */
class FileHandle {
  #fd;
  #asyncId = ++lastAsyncId;

  constructor(fd) {
    this.#fd = fd;
    this[MODE] = TRANSFERABLE;
  }

  [TRANSFER]() {
    return { data: descriptors.send(this.releaseFD()), deserializeInfo: infoOf(NAME) };
  }

  [DESERIALIZE](sent) {
    this.#fd = sent === null ? -1 : descriptors.receive(sent);
  }

  get fd() {
    return this.#fd;
  }

  getAsyncId() {
    return this.#asyncId;
  }

  close() {
    const fd = this.releaseFD();
    return close(fd, kUsePromises);
  }

  /** The descriptor is the caller's from now on. */
  releaseFD() {
    const fd = this.#fd;
    this.#fd = -1;
    return fd;
  }

  readStart() {
    throw notSupported('a FileHandle as a stream of the native layer');
  }
}

register(NAME, () => new FileHandle(-1));

/** Of fs.opendir. */
class DirHandle {
  #folder;
  #path;

  constructor(folder, path) {
    this.#folder = folder;
    this.#path = path;
  }

  /** Gives [name, type, name, type, ...], or null at the end. */
  read(encoding, size, req) {
    return perform(
      { syscall: 'readdir', path: this.#path },
      req,
      (callback) => this.#folder.read(size, wantsBytes(encoding), callback),
      (text) => {
        if (text === 0) {
          return null;
        }
        const { names, types } = entriesOf(text, encoding);
        return names.flatMap((name, i) => [name, Number(types[i])]);
      },
    );
  }

  close(req) {
    return perform({ syscall: 'closedir' }, req, (callback) => this.#folder.close(callback));
  }
}

const opendir = (path, req, what) =>
  perform(
    what,
    req,
    (callback) => files.openFolder(pathOf(path), callback),
    (folder) => new DirHandle(folder, path),
  );

exports.FileHandle = FileHandle;

/** `internalBinding('fs_dir')`. */
exports.folders = {
  opendir: (path, encoding, req) => opendir(path, req, { syscall: 'opendir', path }),

  /** As in Node, its error has no path. */
  opendirSync: (path) => opendir(path, undefined, { syscall: 'opendir' }),
};
