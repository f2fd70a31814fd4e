// node:fs: what operations give and leave behind, and the errors of those that fail.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { pipeline } = require('stream/promises');
const { inspect } = require('util');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'node-fs-'));
const at = (...names) => path.join(dir, ...names);
const show = (value) =>
  (typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: 200 })).replaceAll(dir, 'DIR');
const say = (...values) => console.log(values.map(show).join(' '));

const failure = (error) =>
  `${error.name} ${error.message.replaceAll('\n', ' ')} {${Object.keys(error).sort()}} ${error.code} ${error.errno} ${error.syscall}`;
const attempt = (code) => {
  try {
    return code();
  } catch (error) {
    return failure(error);
  }
};
const settle = (promise) => promise.then((value) => value, failure);
const called = (start) =>
  new Promise((resolve) => start((error, ...values) => resolve(error ? failure(error) : values)));

function contents() {
  say('-- whole files');
  fs.writeFileSync(at('a.txt'), 'héllo wörld\n');
  say(fs.readFileSync(at('a.txt'), 'utf8'), fs.readFileSync(at('a.txt')), fs.readFileSync(at('a.txt'), 'latin1'));
  fs.appendFileSync(at('a.txt'), Buffer.from([0xff, 0x00, 0x41]));
  say(fs.readFileSync(at('a.txt'), 'utf8').length, fs.readFileSync(at('a.txt')).length);
  fs.writeFileSync(at('a.txt'), 'lone \ud800 surrogate');
  say(fs.readFileSync(at('a.txt')));
  fs.writeFileSync(at('a.txt'), 'aGk=', 'base64');
  fs.writeFileSync(at('b.txt'), new Uint16Array([0x4142, 0x4344]), { mode: 0o600, flag: 'wx' });
  say(fs.readFileSync(at('a.txt'), 'utf8'), fs.readFileSync(at('b.txt'), 'hex'), fs.statSync(at('b.txt')).mode.toString(8));
  say(attempt(() => fs.writeFileSync(at('b.txt'), '', { flag: 'wx' })));
  fs.truncateSync(at('b.txt'), 2);
  fs.truncateSync(at('a.txt'), 4);
  say(fs.readFileSync(at('b.txt')), fs.readFileSync(at('a.txt')));
  say(fs.readFileSync('/proc/self/status', 'utf8').startsWith('Name:'), fs.readFileSync('/dev/null').length);
}

function descriptors() {
  say('-- descriptors');
  const fd = fs.openSync(at('d.bin'), 'w+', 0o640);
  say(fs.writeSync(fd, 'abcdef'), fs.writeSync(fd, Buffer.from('XY'), 0, 1, 2), fs.writeSync(fd, 'zz', 4, 'latin1'));
  const buffer = Buffer.alloc(8, '.');
  say(fs.readSync(fd, buffer, 1, 3, 0), buffer.toString(), fs.readSync(fd, buffer, { position: 4n }), buffer.toString());
  say(fs.readSync(fd, buffer), fs.writevSync(fd, [Buffer.from('12'), new Uint8Array([0x33])], 6));
  const parts = [Buffer.alloc(4), Buffer.alloc(10)];
  say(fs.readvSync(fd, parts, 0), parts);
  fs.ftruncateSync(fd, 5);
  fs.fchmodSync(fd, 0o644);
  fs.futimesSync(fd, 1.5, new Date(2500));
  fs.fsyncSync(fd);
  fs.fdatasyncSync(fd);
  const stats = fs.fstatSync(fd);
  say(stats.size, (stats.mode & 0o777).toString(8), stats.atimeMs, stats.mtime.toISOString(), stats.isFile(), stats.isFIFO());
  fs.closeSync(fd);
  say(attempt(() => fs.closeSync(fd)), attempt(() => fs.readSync(fd, buffer)), attempt(() => fs.writeSync(fd, 'x')));
  for (const wrong of ['x', -1, 1.5, null, undefined, {}, 2 ** 31]) {
    say(attempt(() => fs.closeSync(wrong)), '|', attempt(() => fs.fstatSync(wrong)));
  }
  for (const flags of ['r', 'r+', 'wx', 'q', 0o4000000]) {
    say(String(flags), attempt(() => fs.closeSync(fs.openSync(at('nothing', 'here'), flags))));
  }
}

function stats() {
  say('-- stats');
  fs.utimesSync(at('a.txt'), 1234.5678, -1.25);
  const numbers = fs.statSync(at('a.txt'));
  const big = fs.statSync(at('a.txt'), { bigint: true });
  say(numbers.atimeMs, numbers.mtimeMs > 0, big.atimeNs, typeof big.ino, big.size, big.isFile());
  say(Object.keys(numbers).join(), Object.keys(big).join());
  say(BigInt(numbers.ino) === big.ino, BigInt(numbers.dev) === big.dev, BigInt(numbers.blocks) === big.blocks);
  for (const name of ['none', 'a.txt/x']) {
    for (const method of ['statSync', 'lstatSync']) {
      say(method, attempt(() => fs[method](at(name), { throwIfNoEntry: false })));
    }
  }
  say(Object.keys(fs.statfsSync(dir)).join(), typeof fs.statfsSync(dir, { bigint: true }).blocks);
  say(fs.existsSync(dir), fs.existsSync(at('none')), fs.existsSync(), fs.accessSync(dir, fs.constants.R_OK));
  for (const mode of ['x', -1, 8, NaN]) {
    say(attempt(() => fs.accessSync(dir, mode)), '|', attempt(() => fs.copyFileSync(at('a.txt'), at('none'), mode)));
  }
}

function names() {
  say('-- names');
  fs.mkdirSync(at('names'));
  const strange = Buffer.concat([Buffer.from(at('names') + '/'), Buffer.from([0x66, 0xff, 0xfe])]);
  fs.writeFileSync(strange, 'bytes');
  fs.writeFileSync(at('names', 'ünï'), '');
  fs.mkdirSync(at('names', 'Zfolder'));
  fs.symlinkSync('nowhere', at('names', 'link'));
  say(fs.readdirSync(at('names')), fs.readdirSync(at('names'), 'buffer'), fs.readdirSync(at('names'), 'hex'));
  for (const entry of fs.readdirSync(at('names'), { withFileTypes: true })) {
    say(entry.name, entry.isFile(), entry.isDirectory(), entry.isSymbolicLink(), entry.parentPath);
  }
  say(fs.readFileSync(strange, 'utf8'), fs.statSync(strange).size, fs.realpathSync.native(strange, 'buffer').subarray(-3));
  fs.renameSync(strange, at('names', 'plain'));
  say(fs.readlinkSync(at('names', 'link')), fs.readlinkSync(Buffer.from(at('names', 'link')), 'buffer'));
  say(attempt(() => fs.statSync(at('nul\0'))), attempt(() => fs.statSync(42)));
  say(attempt(() => fs.statSync('x'.repeat(5000))).slice(0, 40));
}

function folders() {
  say('-- folders');
  say(fs.mkdirSync(at('x', 'y', 'z'), { recursive: true }), fs.mkdirSync(at('x', 'y', 'z'), { recursive: true }));
  say(fs.mkdirSync(at('m'), 0o700), (fs.statSync(at('m')).mode & 0o777).toString(8));
  for (const target of ['a.txt', 'a.txt/b', 'a.txt/b/c']) {
    say(attempt(() => fs.mkdirSync(at(target), { recursive: true })), '|', attempt(() => fs.mkdirSync(at(target))));
  }
  fs.writeFileSync(at('x', 'f1'), '1');
  fs.writeFileSync(at('x', 'y', 'f2'), '2');
  say(fs.readdirSync(at('x'), { recursive: true }).sort());
  const opened = fs.opendirSync(at('x'), { bufferSize: 1 });
  const seen = [];
  for (let entry; (entry = opened.readSync()) !== null; ) {
    seen.push(entry.name);
  }
  opened.closeSync();
  say(seen.sort(), attempt(() => opened.closeSync()), attempt(() => fs.opendirSync(at('none'))));
  say(fs.mkdtempSync(at('tmp-')).length - at('tmp-').length, attempt(() => fs.mkdtempSync(at('none', 'x'))));
  say(attempt(() => fs.rmdirSync(at('x'))), attempt(() => fs.rmSync(at('x'))), attempt(() => fs.rmSync(at('none'))));
}

function links() {
  say('-- links and copies');
  fs.linkSync(at('a.txt'), at('hard'));
  fs.symlinkSync(at('a.txt'), at('soft'));
  say(fs.statSync(at('hard')).nlink, fs.lstatSync(at('soft')).isSymbolicLink(), fs.realpathSync(at('soft')), fs.realpathSync.native(at('soft')));
  fs.lutimesSync(at('soft'), 5, 6);
  say(fs.lstatSync(at('soft')).mtimeMs);
  fs.chmodSync(at('hard'), 0o444);
  fs.copyFileSync(at('hard'), at('copy'));
  say((fs.statSync(at('copy')).mode & 0o777).toString(8), fs.readFileSync(at('copy'), 'utf8'));
  fs.copyFileSync(at('hard'), at('hard'));
  say(fs.readFileSync(at('hard')).length);
  say(attempt(() => fs.copyFileSync(at('a.txt'), at('copy'), fs.constants.COPYFILE_EXCL)), attempt(() => fs.copyFileSync(at('none'), at('copy'))));
  for (const name of ['renameSync', 'linkSync', 'symlinkSync', 'copyFileSync']) {
    say(name, attempt(() => fs[name](at('none'), at('x'))));
  }
  for (const [name, ...args] of [
    ['unlinkSync'], ['chmodSync', 1], ['chownSync', 1, 1], ['lchownSync', 1, 1], ['utimesSync', 1, 1], ['lutimesSync', 1, 1],
    ['readlinkSync'], ['realpathSync'], ['statfsSync'], ['truncateSync'], ['readdirSync'], ['accessSync'], ['lstatSync'],
  ]) {
    say(name, attempt(() => fs[name](at('none'), ...args)));
  }
  fs.cpSync(at('x'), at('x2'), { recursive: true });
  say(fs.readdirSync(at('x2'), { recursive: true }).sort());
  fs.cpSync(at('a.txt'), at('x2', 'f1'));
  say(fs.readFileSync(at('x2', 'f1'), 'utf8'));
  for (const [from, to, options] of [
    ['x', 'x3'], ['x', 'x/y/in', { recursive: true }], ['x', 'x', { recursive: true }], ['a.txt', 'x'], ['x', 'a.txt', { recursive: true }],
    ['a.txt', 'x2/f1', { force: false, errorOnExist: true }], ['none', 'x4'],
  ]) {
    say(from, to, attempt(() => fs.cpSync(at(from), at(to), options)).replace(/ \{.*/, ''));
  }
  fs.rmSync(at('x2'), { recursive: true });
  fs.rmSync(at('x2'), { recursive: true, force: true });
  say(fs.existsSync(at('x2')), fs.globSync('**/f*', { cwd: dir }).sort());
}

async function callbacks() {
  say('-- callbacks');
  say(await called((done) => fs.readFile(at('a.txt'), 'utf8', done)), await called((done) => fs.readFile(at('none'), done)));
  say(await called((done) => fs.writeFile(at('w'), 'w', done)), await called((done) => fs.appendFile(at('w'), '!', done)));
  say(await called((done) => fs.stat(at('w'), (error, found) => done(error, found.size))));
  const [fd] = await called((done) => fs.open(at('w'), 'r+', done));
  say(await called((done) => fs.read(fd, Buffer.alloc(4), 0, 4, 0, done)), await called((done) => fs.write(fd, 'ab', 1, done)));
  say(await called((done) => fs.readv(fd, [Buffer.alloc(2), Buffer.alloc(2)], 0, done)));
  say(await called((done) => fs.writev(fd, [Buffer.from('x'), Buffer.from('y')], done)), await called((done) => fs.close(fd, done)));
  say(await called((done) => fs.close(fd, done)), await called((done) => fs.fstat(fd, done)));
  say(await called((done) => fs.mkdir(at('cb', 'deep'), { recursive: true }, done)), await called((done) => fs.readdir(at('cb'), done)));
  say(await called((done) => fs.opendir(at('none'), done)), await called((done) => fs.rename(at('none'), at('w'), done)));
  say(await called((done) => fs.realpath(at('soft'), done)), await called((done) => fs.realpath.native(at('none'), done)));
  say(await new Promise((resolve) => fs.exists(at('w'), resolve)), await called((done) => fs.access(at('none'), done)));
  say(attempt(() => fs.readFile(at('w'))), attempt(() => fs.stat(at('w'), 'no function')));
  const controller = new AbortController();
  const aborted = called((done) => fs.readFile(at('w'), { signal: controller.signal }, done));
  controller.abort();
  say((await aborted).slice(0, 50));
}

async function promises() {
  say('-- promises');
  const { promises: fsp } = fs;
  await fsp.writeFile(at('p'), ['one\n', 'two\n', 'three']);
  say(await fsp.readFile(at('p'), 'utf8'), await settle(fsp.readFile(at('none'))), await settle(fsp.readFile(dir)));
  const handle = await fsp.open(at('p'), 'r+');
  say(typeof handle.fd, (await handle.stat()).size, await handle.read(Buffer.alloc(3), 0, 3, 4), await handle.write('TWO', 4));
  say(await handle.readFile('utf8'), (await handle.readv([Buffer.alloc(4)], 0)).bytesRead, (await handle.writev([Buffer.from('1')], 0)).bytesWritten);
  await handle.truncate(6);
  await handle.chmod(0o600);
  await handle.utimes(10, 20);
  await handle.sync();
  await handle.datasync();
  say((await fsp.stat(at('p'))).mtimeMs, await fsp.readFile(at('p'), 'utf8'));
  await handle.close();
  say(handle.fd, await settle(handle.stat()), await handle.close());
  const lines = [];
  for await (const line of (await fsp.open(at('p'))).readLines()) {
    lines.push(line);
  }
  const reading = await fsp.open(at('p'));
  const chunks = [];
  for await (const chunk of reading.readableWebStream()) {
    chunks.push(Buffer.from(chunk).toString());
  }
  await reading.close();
  say(lines, chunks);
  for (const [name, ...args] of [
    ['access'], ['stat'], ['lstat'], ['readdir'], ['rmdir'], ['unlink'], ['readlink'], ['realpath'], ['opendir'], ['truncate'], ['rm'],
    ['chmod', 1], ['chown', 1, 1], ['utimes', 1, 1], ['rename', at('w')], ['link', at('w')], ['copyFile', at('w')], ['cp', at('w')],
  ]) {
    say(name, await settle(fsp[name](at('none', 'at-all'), ...args)).then((text) => text.replace(/ \{.*\}/, '')));
  }
  say(await fsp.mkdir(at('deep', 'er'), { recursive: true }), await settle(fsp.mkdir(at('p', 'er'), { recursive: true })));
  const matches = [];
  for await (const name of fsp.glob('*.txt', { cwd: dir })) {
    matches.push(name);
  }
  say((await fsp.readdir(dir, { recursive: true })).length, matches.sort());
  const found = [];
  for await (const entry of await fsp.opendir(dir, { recursive: true })) {
    found.push(path.relative(dir, path.join(entry.parentPath, entry.name)));
  }
  say(found.length, found.includes('x/y/f2'));
  say(await settle(fsp.readFile(at('p'), { signal: AbortSignal.abort() })).then((text) => text.slice(0, 40)));
  await fsp.cp(at('x'), at('px'), { recursive: true, filter: (source) => !source.endsWith('f2') });
  say((await fsp.readdir(at('px'), { recursive: true })).sort());
  await fsp.rm(at('px'), { recursive: true });
}

async function streams() {
  say('-- streams');
  const data = Buffer.alloc(200_000, '0123456789');
  await pipeline([data.subarray(0, 100), data.subarray(100)], fs.createWriteStream(at('s')));
  const chunks = [];
  for await (const chunk of fs.createReadStream(at('s'), { start: 5, end: 150_004, highWaterMark: 50_000 })) {
    chunks.push(chunk.length);
  }
  say(chunks, fs.statSync(at('s')).size);
  const writer = fs.createWriteStream(at('s'), { flags: 'r+', start: 3 });
  writer.write('abc');
  writer.end('def');
  await new Promise((resolve) => writer.on('close', resolve));
  say(fs.readFileSync(at('s'), 'latin1').slice(0, 12), writer.bytesWritten, writer.path);
  const broken = await new Promise((resolve) => fs.createReadStream(at('none')).on('error', resolve));
  say(failure(broken));
  const blob = await fs.openAsBlob(at('s'), { type: 'text/plain' });
  say(blob.size, blob.type, await blob.slice(1, 9).text(), (await new Blob(['<', blob.slice(0, 2), '>']).text()));
  fs.appendFileSync(at('s'), '!');
  say(await settle(blob.text()).then((text) => text.slice(0, 50)));
}

(async () => {
  contents();
  descriptors();
  stats();
  names();
  folders();
  links();
  await callbacks();
  await promises();
  await streams();
  fs.rmSync(dir, { recursive: true });
  say(fs.existsSync(dir));
})().catch((error) => console.log('failed', error));
