/** process.stdout and process.stderr: each line is one of nginx's error.log. */
'use strict';

/** Those that were asked for, by their number. */
const streams = {};

/**
 * @param {(line: string) => void} write
 * @param {number} fd its number in Node
 */
exports.makeStream = (write, fd) => {
  const { Writable } = require('node').requireNode('stream');
  let rest = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop();
      lines.forEach(write);
      done();
    },
    final(done) {
      if (rest !== '') {
        write(rest);
      }
      done();
    },
  });
  streams[fd] = stream;
  return Object.assign(stream, { fd, _type: 'pipe', _isStdio: true });
};

/** The stream, if a program has given it a `write` of its own; undefined: lines may go to the log at once. */
exports.streamOf = (fd) =>
  streams[fd] !== undefined && Object.hasOwn(streams[fd], 'write') ? streams[fd] : undefined;
