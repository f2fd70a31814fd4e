/** The bytes of a connection of HTTP/1 as they come, piece by piece; its lines are read as a whole. */
'use strict';

const { latin1Slice } = require('intrinsics');

const CR = 13;
const LF = 10;

/** No LF behind it. */
const STRAY_CR = /\r[^]/;

class Input {
  #end = 0;
  #line = ''; // the part of a line that came in earlier pieces
  /** What is being read, if anything is. */
  buffer = null;
  /** Where in it the next byte is. */
  at = 0;

  begin(buffer, offset, length) {
    this.buffer = buffer;
    this.at = offset;
    this.#end = offset + length;
  }

  end() {
    this.buffer = null;
  }

  /** Another connection begins. */
  reset() {
    this.#line = '';
    this.buffer = null;
  }

  get hasMore() {
    return this.at < this.#end;
  }

  /** Whether a part of the next line has been read. */
  get isInLine() {
    return this.#line !== '';
  }

  get isAtCrOrLf() {
    const byte = this.buffer[this.at];
    return byte === CR || byte === LF;
  }

  /** Leaves a byte out. */
  skip() {
    this.at++;
  }

  /** The next bytes, at most `limit`. */
  take(limit) {
    const start = this.at;
    this.at = Math.min(this.#end, start + limit);
    return this.buffer.subarray(start, this.at);
  }

  /**
   * Parses the next line, without its LF, if it is whole; `early` looks at one that is not.
   *
   * @returns what `parse` gives; undefined where the line's end has not come yet
   */
  parseLine(parse, early) {
    const start = this.at;
    const before = this.#line.length;
    const lf = this.buffer.indexOf(LF, start);
    const isWhole = lf >= 0 && lf < this.#end;
    const line = this.#line + latin1Slice.call(this.buffer, start, isWhole ? lf : this.#end);
    this.at = isWhole ? lf + 1 : this.#end;
    this.#line = isWhole ? '' : line;
    try {
      if (isWhole) {
        return parse(line);
      }
      if (STRAY_CR.test(line)) {
        parse(line); // says what is wrong
      } else {
        early(line);
      }
      return undefined;
    } catch (failure) {
      this.at = start + Math.max((failure.at ?? 0) - before, 0);
      throw failure;
    }
  }
}

exports.Input = Input;
