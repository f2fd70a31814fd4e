/** The parts of fs.cpSync that are C++ in Node, over the library's own fs. */
'use strict';

const { codedError, attempt } = require('failures');
const { uvException } = require('bindings/fs-requests');

const library = (id) => require('bindings').requireNode(id);
const MODE_BITS = 0o7777;

/** What is there, or undefined. */
const statOf = (fs, path, follow) =>
  (follow ? fs.statSync : fs.lstatSync)(path, { bigint: true, throwIfNoEntry: false });

const asFolder = (path) => (path.endsWith('/') ? path : `${path}/`);

const isSame = (a, b) => a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;

/** Refuses what cannot be copied, and makes the folder that `dest` is to be in. */
exports.checkPaths = (src, dest, dereference, recursive) => {
  const fs = library('fs');
  const { dirname } = library('path');
  const source = statOf(fs, src, !dereference);
  if (source === undefined) {
    const { UV_ENOENT } = require('bindings/uv');
    throw uvException(UV_ENOENT, dereference ? 'stat' : 'lstat', src);
  }
  const target = statOf(fs, dest, dereference);
  const isFolder = source.isDirectory() || (dereference && source.isSymbolicLink());
  if (target !== undefined) {
    checkTarget(fs, src, dest, target, isFolder);
  }
  if (isFolder) {
    checkNesting(fs, src, dest);
  }
  if (isFolder && !recursive) {
    throw codedError(
      'ERR_FS_EISDIR',
      `Recursive option not enabled, cannot copy a directory: ${asFolder(src)}`,
    );
  }
  if (source.isSocket()) {
    throw codedError('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${dest}`);
  }
  if (source.isFIFO()) {
    throw codedError('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${dest}`);
  }
  attempt(() => fs.mkdirSync(dirname(dest), { recursive: true })); // copying says what is wrong
};

function checkTarget(fs, src, dest, target, isFolder) {
  if (isSame(statOf(fs, src, true), statOf(fs, dest, true))) {
    throw codedError('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${dest}`);
  }
  if (isFolder && !target.isDirectory()) {
    throw codedError(
      'ERR_FS_CP_DIR_TO_NON_DIR',
      `Cannot overwrite non-directory ${dest} with directory ${src}`,
    );
  }
  if (!isFolder && target.isDirectory()) {
    throw codedError(
      'ERR_FS_CP_NON_DIR_TO_DIR',
      `Cannot overwrite directory ${dest} with non-directory ${src}`,
    );
  }
}

/** A folder cannot be copied to a place within itself. */
function checkNesting(fs, src, dest) {
  const { dirname } = library('path');
  const source = statOf(fs, src, true);
  let isWithin = dest.startsWith(asFolder(src));
  for (let at = dirname(dest); !isWithin && at !== dirname(at); at = dirname(at)) {
    isWithin = at !== dirname(src) && isSame(source, statOf(fs, at, true));
  }
  if (isWithin) {
    throw codedError(
      'ERR_FS_CP_EINVAL',
      `Cannot copy ${asFolder(src)} to a subdirectory of self ${dest}`,
    );
  }
}

function copyTimes(fs, src, dest) {
  const { atimeMs, mtimeMs } = fs.statSync(src);
  fs.utimesSync(dest, atimeMs / 1000, mtimeMs / 1000);
}

/** Puts a copy in the place of a file that is there. */
exports.overrideFile = (src, dest, mode, preserveTimestamps) => {
  const fs = library('fs');
  fs.unlinkSync(dest);
  fs.copyFileSync(src, dest, mode);
  if (preserveTimestamps) {
    copyTimes(fs, src, dest);
  }
};

function existing(path) {
  return codedError(
    'ERR_FS_CP_EEXIST',
    `[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (${path} already exists)`,
  );
}

/** One recursive copy, with the options of cpSync. */
class FolderCopy {
  #fs = library('fs');
  #path = library('path');
  #options;

  constructor(options) {
    this.#options = options;
  }

  run(src, dest) {
    const isNew = !this.#fs.existsSync(dest);
    this.#fs.mkdirSync(dest, { recursive: true });
    this.#copyEntries(src, dest);
    this.#finishFolder(src, dest, isNew);
  }

  #finishFolder(src, dest, isNew) {
    if (isNew) {
      this.#fs.chmodSync(dest, this.#fs.statSync(src).mode & MODE_BITS);
    }
    if (this.#options.preserveTimestamps) {
      copyTimes(this.#fs, src, dest);
    }
  }

  #copyEntries(src, dest) {
    for (const entry of this.#fs.readdirSync(src, { withFileTypes: true })) {
      const from = this.#path.join(src, entry.name);
      const to = this.#path.join(dest, entry.name);
      const isLink = entry.isSymbolicLink();
      const kind = isLink && this.#options.dereference ? this.#fs.statSync(from) : entry;
      if (kind.isSymbolicLink()) {
        this.#copyLink(src, from, to);
      } else if (kind.isDirectory()) {
        const isNew = !this.#fs.existsSync(to);
        if (isNew) {
          this.#fs.mkdirSync(to);
        }
        this.#copyEntries(from, to);
        this.#finishFolder(from, to, isNew);
      } else if (kind.isFile()) {
        this.#copyFile(from, to, isLink);
      }
    }
  }

  #copyFile(from, to, isLink) {
    const { force, errorOnExist, preserveTimestamps } = this.#options;
    if (this.#fs.existsSync(to)) {
      if (!force && errorOnExist) {
        throw existing(to);
      }
      if (!force) {
        return;
      }
      if (isLink) {
        this.#fs.unlinkSync(to); // so that a link there is not written through
      }
    }
    this.#fs.copyFileSync(from, to);
    if (preserveTimestamps) {
      copyTimes(this.#fs, from, to);
    }
  }

  #copyLink(src, from, to) {
    const target = this.#fs.readlinkSync(from);
    if (this.#options.verbatimSymlinks) {
      this.#fs.symlinkSync(target, to);
      return;
    }
    const there = statOf(this.#fs, to, false);
    if (there?.isSymbolicLink()) {
      this.#checkLinks(target, to);
      this.#fs.unlinkSync(to);
    }
    const absolute = this.#path.resolve(src, target);
    this.#fs.symlinkSync(attempt(() => this.#fs.realpathSync(absolute), absolute), to);
  }

  /** A link must not be replaced by one into, or around, what it points to. */
  #checkLinks(target, to) {
    const { isSrcSubdir } = library('internal/fs/cp/cp');
    const now = this.#fs.readlinkSync(to);
    const isFolder = (path) => statOf(this.#fs, path, true)?.isDirectory() === true;
    if (isFolder(target) && isSrcSubdir(target, now)) {
      throw codedError('ERR_FS_CP_EINVAL', `Cannot copy ${target} to a subdirectory of self ${now}`);
    }
    if (isFolder(to) && isSrcSubdir(now, target)) {
      throw codedError(
        'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY',
        `cannot overwrite ${now} with ${target}`,
      );
    }
  }
}

/** Copies a folder without a filter. */
exports.copyFolder = (
  src,
  dest,
  force,
  dereference,
  errorOnExist,
  verbatimSymlinks,
  preserveTimestamps,
) =>
  new FolderCopy({
    force,
    dereference,
    errorOnExist,
    verbatimSymlinks,
    preserveTimestamps,
  }).run(src, dest);
