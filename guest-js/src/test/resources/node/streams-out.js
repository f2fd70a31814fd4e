// What a program that replaces process.stdout.write gets of the console.
const written = [];
const { stdout, stderr } = process;
const writes = { stdout: stdout.write, stderr: stderr.write };
stdout.write = (text) => written.push(['out', text]);
stderr.write = (text) => written.push(['err', text]);

console.log('text', 'more');
console.log('%s and %d', 'a', 1, { b: [2] });
console.info();
console.debug('debug');
console.warn('warn');
console.error(new RangeError('an error').message);
console.group('group');
console.log('a\nb');
console.dir({ a: { b: { c: {} } } }, { depth: 0 });
console.groupEnd();
console.count();
console.count('x');
console.countReset('x');
console.count('x');
console.assert(false, 'it is %s', 'false');
console.assert(false, { a: 1 });
console.table([{ a: 1 }]);
console.dirxml({ a: 1 }, [2]);
console.trace('here');
console.clear();

stdout.write = writes.stdout;
stderr.write = writes.stderr;
for (const [where, text] of written) console.log(where, JSON.stringify(text.replace(/\n +at [^]*/, ' at')));

const { Console } = console;
console.log(console instanceof Console, {} instanceof Console, console.log.name);
for (const name of ['time', 'timeEnd', 'timeLog', 'count', 'countReset']) {
  try {
    console[name](Symbol('a'));
  } catch (error) {
    console.log(name, error.name);
  }
}
for (const name of Object.keys(console).filter((key) => typeof console[key] === 'function')) {
  try {
    new console[name]();
    console.log(name, 'is a class');
  } catch (error) {
    if (error.name !== 'TypeError') console.log(name, error.name);
  }
}

process.once('warning', (warning) => console.log(warning.name, warning.message));
console.countReset('none');

const { Writable } = require('stream');
const real = console._stdout;
const chunks = [];
console._stdout = new Writable({ write: (chunk, encoding, done) => done(void chunks.push(String(chunk))) });
console.log('elsewhere');
console._stdout = real;
console.log(chunks);

const channel = require('diagnostics_channel');
const listener = (message) => message[0] === 'told' && console.info('channel', message);
channel.subscribe('console.log', listener);
console.log('told', 1);
channel.unsubscribe('console.log', listener);

const tty = require('tty');
console.log(tty.isatty(-1), tty.isatty('a'), typeof tty.WriteStream.prototype.hasColors);
