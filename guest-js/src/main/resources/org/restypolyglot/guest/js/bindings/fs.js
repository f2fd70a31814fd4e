/** What node:fs asks of the system: Java's calls of libc. */
'use strict';

const { files, descriptors } = host;
const { perform, isFailure, shown, uvException, FSReqCallback, kUsePromises } =
  require('bindings/fs-requests');
const { pathOf, wantsBytes, nameIn, entriesOf, typesOf } = require('bindings/fs-names');
const { copyInto, scatter, gather, lengthOf, numbersOf } = require('bindings/fs-bytes');
const { fdOf, modeOf } = require('bindings/fs-arguments');
const { encode } = require('intrinsics');

const STAT_FIELDS = 18;
const CURRENT = -1;
const UTF8_FLAGS = 0o666;

/** What synchronous calls of stat leave their numbers in, as Node's do; twice, for watchFile. */
const statValues = new Float64Array(2 * STAT_FIELDS);
const bigintStatValues = new BigInt64Array(2 * STAT_FIELDS);

const same = (result) => result;

/** An operation on one path; `args` stand between it and the callback. */
const onPath =
  (method, syscall, decode) =>
  (path, req, ...args) =>
    perform(
      { syscall, path },
      req,
      (callback) => files[method](pathOf(path), ...args, callback),
      decode,
    );

const access = onPath('access', 'access');
const chmod = onPath('changeMode', 'chmod');
const chown = onPath('changeOwner', 'chown');
const lchown = onPath('changeOwner', 'lchown');
const utimes = onPath('setTimes', 'utime');
const lutimes = onPath('setTimes', 'lutime');
const open = onPath('open', 'open', same);
const unlink = onPath('unlink', 'unlink');
const rmdir = onPath('removeFolder', 'rmdir');

const onTwoPaths =
  (method, syscall) =>
  (path, dest, req, ...args) =>
    perform({ syscall, path, dest }, req, (callback) =>
      files[method](pathOf(path), pathOf(dest), ...args, callback),
    );

const rename = onTwoPaths('rename', 'rename');
const link = onTwoPaths('link', 'link');
const symlink = onTwoPaths('makeSymbolicLink', 'symlink');
const copyFile = onTwoPaths('copy', 'copyfile');

const onFd =
  (method, syscall, decode) =>
  (fd, req, ...args) => {
    const checked = fdOf(fd);
    return perform(
      { syscall },
      req,
      (callback) => descriptors[method](checked, ...args, callback),
      decode,
    );
  };

const close = onFd('close', 'close');
const sync = onFd('sync', 'fsync');
const syncData = onFd('sync', 'fdatasync');
const truncate = onFd('truncate', 'ftruncate');
const fchmod = onFd('changeMode', 'fchmod');
const fchown = onFd('changeOwner', 'fchown');
const futimes = onFd('setTimes', 'futime');

/** A result that is a name, in the encoding that was asked for. */
const named = (method, syscall, ending) => (path, encoding, req) =>
  perform(
    { syscall, path: ending === undefined ? path : `${shown(path)}${ending}` },
    req,
    (callback) => files[method](pathOf(path), wantsBytes(encoding), callback),
    (name) => nameIn(name, encoding),
  );

/** Where an operation's numbers go: synchronous ones share an array. */
const statTarget = (bigint, req) =>
  bigint
    ? req === undefined
      ? bigintStatValues
      : new BigInt64Array(STAT_FIELDS)
    : req === undefined
      ? statValues
      : new Float64Array(STAT_FIELDS);

const statPath = (syscall, follow) => (path, bigint, req, throwIfNoEntry) => {
  const wantsBigint = bigint === true;
  const start = (callback) => files.stat(pathOf(path), follow, wantsBigint, callback);
  const decode = (fields) => numbersOf(fields, statTarget(wantsBigint, req));
  if (req !== undefined || throwIfNoEntry !== false) {
    return perform({ syscall, path }, req, start, decode);
  }
  const { UV_ENOENT, UV_ENOTDIR } = require('bindings/uv');
  const result = start(null);
  if (result === UV_ENOENT || (follow && result === UV_ENOTDIR)) {
    return undefined;
  }
  if (isFailure(result)) {
    throw uvException(result, syscall, path);
  }
  return decode(result);
};

/** A position as Java takes it. */
const placeOf = (position) =>
  typeof position === 'bigint' ? Number(position) : Number.isSafeInteger(position) ? position : CURRENT;

function read(fd, buffer, offset, length, position, req) {
  const checked = fdOf(fd);
  return perform(
    { syscall: 'read' },
    req,
    (callback) => descriptors.read(checked, length, placeOf(position), callback),
    (bytes) => copyInto(buffer, offset, bytes),
  );
}

/** Writes bytes of a view; gives how many were written. */
function write(fd, view, offset, length, position, req) {
  const checked = fdOf(fd);
  return perform(
    { syscall: 'write' },
    req,
    (callback) =>
      descriptors.write(
        checked,
        view.buffer,
        view.byteOffset + offset,
        length,
        placeOf(position),
        callback,
      ),
    same,
  );
}

function writeString(fd, text, position, encoding, req) {
  const bytes = require('bindings/buffer').encodeByName(text, encoding ?? 'utf8');
  return write(fd, bytes, 0, bytes.length, position, req);
}

/** Opens what is no descriptor yet, and closes it after `use`. */
function withFile(file, flags, mode, use) {
  if (typeof file === 'number') {
    return use(file);
  }
  const fd = open(file, undefined, flags, mode);
  try {
    return use(fd);
  } finally {
    close(fd);
  }
}

module.exports = {
  FSReqCallback,
  kUsePromises,
  kFsStatsFieldsNumber: STAT_FIELDS,
  statValues,
  bigintStatValues,

  access: (path, mode, req) => access(path, req, modeOf(mode)),
  chmod: (path, mode, req) => chmod(path, req, mode),
  chown: (path, uid, gid, req) => chown(path, req, uid, gid, true),
  lchown: (path, uid, gid, req) => lchown(path, req, uid, gid, false),
  utimes: (path, atime, mtime, req) => utimes(path, req, atime, mtime, true),
  lutimes: (path, atime, mtime, req) => lutimes(path, req, atime, mtime, false),
  open: (path, flags, mode, req) => open(path, req, flags, mode),
  unlink,
  rmdir,
  rename,
  link,
  symlink: (target, path, flags, req) => symlink(target, path, req),
  copyFile: (path, dest, mode, req) => copyFile(path, dest, req, modeOf(mode)),
  mkdtemp: named('makeTemporaryFolder', 'mkdtemp', 'XXXXXX'),
  readlink: named('readLink', 'readlink'),
  realpath: named('realPath', 'realpath'),

  close,
  fsync: (fd, req) => sync(fd, req, false),
  fdatasync: (fd, req) => syncData(fd, req, true),
  ftruncate: (fd, length, req) => truncate(fd, req, length),
  fchmod: (fd, mode, req) => fchmod(fd, req, mode),
  fchown: (fd, uid, gid, req) => fchown(fd, req, uid, gid),
  futimes: (fd, atime, mtime, req) => futimes(fd, req, atime, mtime),

  stat: statPath('stat', true),
  lstat: statPath('lstat', false),
  fstat: (fd, bigint, req) => {
    const checked = fdOf(fd);
    return perform(
      { syscall: 'fstat' },
      req,
      (callback) => descriptors.stat(checked, bigint === true, callback),
      (fields) => numbersOf(fields, statTarget(bigint === true, req)),
    );
  },
  statfs: (path, bigint, req) =>
    perform(
      { syscall: 'statfs', path },
      req,
      (callback) => files.statFileSystem(pathOf(path), bigint === true, callback),
      (fields) => numbersOf(fields, bigint === true ? new BigInt64Array(7) : new Float64Array(7)),
    ),
  internalModuleStat: (path) => files.kind(pathOf(path)),
  existsSync: (path) => files.access(pathOf(path), 0, null) === 0,

  /** Gives the first folder that was made, where those above it are, too. */
  mkdir: (path, mode, recursive, req) =>
    perform(
      { syscall: 'mkdir', path },
      req,
      (callback) => files.makeFolder(pathOf(path), mode, recursive === true, callback),
      (first) => (typeof first === 'string' ? first : undefined),
    ),

  readdir: (path, encoding, withFileTypes, req) =>
    perform(
      { syscall: 'scandir', path },
      req,
      (callback) => files.list(pathOf(path), wantsBytes(encoding), callback),
      (text) => {
        const { names, types } = entriesOf(text, encoding);
        return withFileTypes ? [names, typesOf(types)] : names;
      },
    ),

  read,
  readBuffers: (fd, buffers, position, req) => {
    const checked = fdOf(fd);
    return perform(
      { syscall: 'read' },
      req,
      (callback) => descriptors.read(checked, lengthOf(buffers), placeOf(position), callback),
      (bytes) => scatter(buffers, bytes),
    );
  },
  writeBuffer: write,
  writeBuffers(fd, buffers, position, req) {
    const all = gather(buffers);
    return write(fd, all, 0, all.byteLength, position, req);
  },
  writeString,

  readFileUtf8: (file, flags) =>
    withFile(file, flags, UTF8_FLAGS, (fd) =>
      perform({ syscall: 'read' }, undefined, (callback) => descriptors.readText(fd, callback), same),
    ),
  writeFileUtf8: (file, text, flags, mode) =>
    withFile(file, flags, mode, (fd) => {
      const bytes = new Uint8Array(encode(text, 'UTF_8'));
      for (let at = 0; at < bytes.length; ) {
        at += write(fd, bytes, at, bytes.length - at, null);
      }
    }),

  openFileHandle: (path, flags, mode, req) =>
    perform(
      { syscall: 'open', path },
      req,
      (callback) => files.open(pathOf(path), flags, mode, callback),
      (fd) => new (require('bindings/fs-handles').FileHandle)(fd),
    ),

  get FileHandle() {
    return require('bindings/fs-handles').FileHandle;
  },
  get StatWatcher() {
    return require('bindings/fs-watch').StatWatcher;
  },
  get cpSyncCheckPaths() {
    return require('bindings/fs-cp').checkPaths;
  },
  get cpSyncOverrideFile() {
    return require('bindings/fs-cp').overrideFile;
  },
  get cpSyncCopyDir() {
    return require('bindings/fs-cp').copyFolder;
  },
};
