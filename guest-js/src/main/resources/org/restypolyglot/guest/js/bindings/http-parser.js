/**
 * Node's http_parser: messages of HTTP/1, by the rules of llhttp. Lines are read as a whole, so that
 * what is wrong with one may be told some bytes later than there.
 */
'use strict';

const { AsyncWrap } = require('bindings/streams');
const syntax = require('bindings/http-syntax');
const { Framing } = require('bindings/http-framing');
const { Input } = require('bindings/http-input');

const { LENIENT, SyntaxFailure, fail } = syntax;

const REQUEST = 1;
const RESPONSE = 2;
const kOnMessageBegin = 0;
const kOnHeaders = 1;
const kOnHeadersComplete = 2;
const kOnBody = 3;
const kOnMessageComplete = 4;
const kOnExecute = 5;
const kOnTimeout = 6;

const DEFAULT_MAX_HEADER_SIZE = 16 * 1024;
const MAX_CHUNK_EXTENSIONS = 16 * 1024;

/** What comes next; each is a method. */
const START = 'parseStart';
const HEADERS = 'parseHeaderLine';
const SIZED = 'parseSized';
const TO_EOF = 'parseToEof';
const CHUNK_SIZE = 'parseChunkSize';
const CHUNK = 'parseChunk';
const CHUNK_END = 'parseChunkEnd';
const TRAILERS = 'parseTrailer';
const CLOSED = 'parseClosed';

class HTTPParser extends AsyncWrap {
  static REQUEST = REQUEST;
  static RESPONSE = RESPONSE;
  static kOnMessageBegin = kOnMessageBegin;
  static kOnHeaders = kOnHeaders;
  static kOnHeadersComplete = kOnHeadersComplete;
  static kOnBody = kOnBody;
  static kOnMessageComplete = kOnMessageComplete;
  static kOnExecute = kOnExecute;
  static kOnTimeout = kOnTimeout;
  static kLenientNone = 0;
  static kLenientHeaders = LENIENT.HEADERS;
  static kLenientChunkedLength = LENIENT.CHUNKED_LENGTH;
  static kLenientKeepAlive = LENIENT.KEEP_ALIVE;
  static kLenientTransferEncoding = LENIENT.TRANSFER_ENCODING;
  static kLenientVersion = LENIENT.VERSION;
  static kLenientDataAfterClose = LENIENT.DATA_AFTER_CLOSE;
  static kLenientOptionalLFAfterCR = LENIENT.OPTIONAL_LF_AFTER_CR;
  static kLenientOptionalCRLFAfterChunk = LENIENT.OPTIONAL_CRLF_AFTER_CHUNK;
  static kLenientOptionalCRBeforeLF = LENIENT.OPTIONAL_CR_BEFORE_LF;
  static kLenientSpacesAfterChunkSize = LENIENT.SPACES_AFTER_CHUNK_SIZE;
  static kLenientAll = 1023;

  #type = RESPONSE;
  #maxHeaderSize = DEFAULT_MAX_HEADER_SIZE;
  #flags = 0;
  #state = START;
  #input = new Input();
  #failed = null;
  #paused = false;
  #waiting = []; // pieces that came while it was paused, or inside of a callback

  #headers;
  #headerSize = 0;
  #framing;
  #left = 0; // bytes of the body, or of the chunk
  #extensions = 0;
  #upgraded = false;

  initialize(type, resource, maxHeaderSize, lenientFlags) {
    this.#type = type;
    this.#maxHeaderSize = maxHeaderSize > 0 ? maxHeaderSize : DEFAULT_MAX_HEADER_SIZE;
    this.#flags = lenientFlags ?? 0;
    this.#state = START;
    this.#input.reset();
    this.#failed = null;
    this.#paused = false;
    this.#waiting = [];
    this.#upgraded = false;
  }

  close() {}

  free() {}

  remove() {}

  pause() {
    this.#paused = true;
  }

  resume() {
    this.#paused = false;
    if (this.#input.buffer === null) {
      this.#executeWaiting();
    }
  }

  consume() {}

  unconsume() {}

  getCurrentBuffer() {
    return this.#input.buffer ?? undefined;
  }

  duration() {
    return 0;
  }

  headersCompleted() {
    return this.#state !== START && this.#state !== HEADERS;
  }

  // ---- driving ---------------------------------------------------------------------------------

  /** @returns {number | Error} how many bytes were read */
  execute(buffer, offset = 0, length = buffer.length - offset) {
    if (this.#failed !== null) {
      return this.#failed;
    }
    if (this.#input.buffer !== null || this.#paused) {
      this.#waiting.push(buffer.subarray(offset, offset + length));
      return length;
    }
    const result = this.#executeNow(buffer, offset, length);
    const later = this.#executeWaiting();
    return later instanceof Error ? later : result;
  }

  #executeWaiting() {
    let result = 0;
    while (this.#waiting.length > 0 && !this.#paused && !(result instanceof Error)) {
      const piece = this.#waiting.shift();
      result = this.#executeNow(piece, 0, piece.length);
    }
    return result;
  }

  #executeNow(buffer, offset, length) {
    const input = this.#input;
    input.begin(buffer, offset, length);
    try {
      while (input.hasMore && !this.#upgraded && !this.#paused) {
        this[this.#state]();
      }
      if (this.#paused && input.hasMore) {
        this.#waiting.unshift(buffer.subarray(input.at, offset + length));
      }
      return input.at - offset;
    } catch (failure) {
      return this.#fail(failure, offset);
    } finally {
      input.end();
    }
  }

  /** The end of the connection. */
  finish() {
    if (this.#failed !== null) {
      return this.#failed;
    }
    try {
      if (this.#state === TO_EOF) {
        this.#complete();
      } else if ((this.#state !== START && this.#state !== CLOSED) || this.#input.isInLine) {
        fail('HPE_INVALID_EOF_STATE', 'Invalid EOF state');
      }
      return undefined;
    } catch (failure) {
      return this.#fail(failure, this.#input.at);
    }
  }

  #fail(failure, offset) {
    if (!(failure instanceof SyntaxFailure)) {
      throw failure; // of a callback
    }
    this.#failed = Object.assign(new Error('Parse Error'), {
      bytesParsed: Math.max(this.#input.at - offset, 0),
      code: failure.code,
      reason: failure.reason,
    });
    return this.#failed;
  }

  #addHeaderSize(length) {
    if (this.#headerSize + length >= this.#maxHeaderSize) {
      fail('HPE_HEADER_OVERFLOW', 'Header overflow', length);
    }
  }

  // ---- the head --------------------------------------------------------------------------------

  [START]() {
    if (!this.#input.isInLine) {
      while (this.#input.hasMore && this.#input.isAtCrOrLf) {
        this.#input.skip();
      }
      if (!this.#input.hasMore) {
        return;
      }
      this.#headers = [];
      this.#headerSize = 0;
      this.#framing = new Framing(this.#type === REQUEST);
      this[kOnMessageBegin]?.();
    }
    const isRequest = this.#type === REQUEST;
    const first = this.#input.parseLine(
      (line) => {
        this.#addHeaderSize(line.length);
        return isRequest
          ? syntax.parseRequestLine(line, this.#flags)
          : syntax.parseStatusLine(line, this.#flags);
      },
      (line) => {
        this.#addHeaderSize(line.length);
        if (isRequest) {
          syntax.checkStartOfRequest(line, this.#flags);
        } else {
          syntax.checkStartOfResponse(line);
        }
      },
    );
    if (first !== undefined) {
      this.#framing.startLine = first;
      this.#headerSize = (first.url ?? first.statusMessage).length;
      this.#state = HEADERS;
    }
  }

  /** A header of `headers`; true: the empty line at the end. */
  #readHeader(headers, framing) {
    return this.#input.parseLine(
      (line) => {
        if (line === '\r' || (line === '' && this.#flags & LENIENT.OPTIONAL_CR_BEFORE_LF)) {
          return true;
        }
        const isFolded = headers.length > 0 && (line[0] === ' ' || line[0] === '\t');
        if (isFolded) {
          this.#unfold(line, headers);
        } else {
          const isFirst = headers.length === 0;
          const { name, value, start } = syntax.parseHeader(line, this.#flags, isFirst);
          this.#addHeaderSize(name.length + value.length);
          this.#headerSize += name.length + value.length;
          headers.push(name, value);
          if (framing !== undefined) {
            this.#frame(framing, name, value, start);
          }
        }
        return false;
      },
      (line) => {
        this.#addHeaderSize(line.length);
        if (line[0] !== ' ' && line[0] !== '\t' && line[0] !== '\r') {
          syntax.checkHeaderName(line, this.#flags);
        }
      },
    );
  }

  #frame(framing, name, value, start) {
    try {
      framing.add(name, value, this.#flags);
    } catch (failure) {
      failure.at += start;
      throw failure;
    }
  }

  #unfold(line, headers) {
    if (!(this.#flags & LENIENT.HEADERS)) {
      fail('HPE_INVALID_HEADER_TOKEN', 'Unexpected whitespace after header value', 0);
    }
    const text = line.replace(/\r$/, '').trim();
    this.#addHeaderSize(text.length);
    this.#headerSize += text.length;
    headers[headers.length - 1] = `${headers.at(-1)} ${text}`.trim();
  }

  [HEADERS]() {
    if (this.#readHeader(this.#headers, this.#framing)) {
      this.#headersComplete();
    }
  }

  #headersComplete() {
    const framing = this.#framing;
    const { major, minor, method, url, statusCode, statusMessage } = framing.startLine;
    let upgrade = framing.isUpgrade;
    const result = this[kOnHeadersComplete]?.(
      major,
      minor,
      this.#headers,
      method,
      url,
      statusCode,
      statusMessage,
      upgrade,
      framing.keepsAlive,
    );
    framing.skipsBody = result === 1 || result === 2;
    upgrade ||= result === 2;
    const { isRequest, isChunked, hasTransferEncoding, contentLength } = framing;
    if (upgrade && (framing.isConnect || framing.skipsBody || !(isChunked || contentLength > 0))) {
      this.#upgraded = true;
      this.#complete();
    } else if (framing.skipsBody || framing.isWithoutBody) {
      this.#upgraded = statusCode === 101;
      this.#complete();
    } else if (isChunked) {
      this.#extensions = 0;
      this.#state = CHUNK_SIZE;
    } else if (hasTransferEncoding && isRequest && !(this.#flags & LENIENT.TRANSFER_ENCODING)) {
      fail('HPE_INVALID_TRANSFER_ENCODING', 'Request has invalid `Transfer-Encoding`');
    } else if (framing.needsEof || hasTransferEncoding) {
      this.#state = TO_EOF;
    } else if (contentLength > 0) {
      this.#left = contentLength;
      this.#state = SIZED;
    } else {
      this.#complete();
    }
  }

  // ---- the body --------------------------------------------------------------------------------

  /** The next bytes, at most `limit`. */
  #take(limit) {
    const piece = this.#input.take(limit);
    this[kOnBody]?.(piece);
    return piece.length;
  }

  [SIZED]() {
    this.#left -= this.#take(this.#left);
    if (this.#left === 0) {
      this.#complete();
    }
  }

  [TO_EOF]() {
    this.#take(Infinity);
  }

  [CHUNK_SIZE]() {
    const size = this.#input.parseLine(
      (line) => {
        this.#addExtensions(line.length);
        this.#extensions += line.length - 1;
        return syntax.parseChunkSize(line, this.#flags);
      },
      (line) => {
        this.#addExtensions(line.length);
        if (/^[^0-9a-fA-F]/.test(line)) {
          syntax.parseChunkSize(line, this.#flags);
        }
      },
    );
    if (size === 0) {
      this.#headers = [];
      this.#headerSize = 0;
      this.#state = TRAILERS;
    } else if (size !== undefined) {
      this.#left = size;
      this.#state = CHUNK;
    }
  }

  #addExtensions(length) {
    if (this.#extensions + length > MAX_CHUNK_EXTENSIONS) {
      fail('HPE_CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow', length);
    }
  }

  [CHUNK]() {
    this.#left -= this.#take(this.#left);
    if (this.#left === 0) {
      this.#extensions = 0;
      this.#state = CHUNK_END;
    }
  }

  [CHUNK_END]() {
    const isOptional = this.#flags & LENIENT.OPTIONAL_CRLF_AFTER_CHUNK;
    if (isOptional && !this.#input.isInLine && !this.#input.isAtCrOrLf) {
      this.#state = CHUNK_SIZE;
      return;
    }
    const expected = (line) => {
      if (line === '' && !(this.#flags & LENIENT.OPTIONAL_CR_BEFORE_LF)) {
        fail('HPE_CR_EXPECTED', 'Missing expected CR after chunk data', 1);
      }
      if (line !== '\r' && line !== '') {
        fail('HPE_STRICT', 'Expected LF after chunk data', 0);
      }
      return true;
    };
    if (this.#input.parseLine(expected, expected)) {
      this.#state = CHUNK_SIZE;
    }
  }

  [TRAILERS]() {
    if (this.#readHeader(this.#headers)) {
      if (this.#headers.length > 0) {
        this[kOnHeaders]?.(this.#headers, '');
      }
      this.#complete();
    }
  }

  /** The message is whole. */
  #complete() {
    const keepsAlive = this.#framing.keepsAlive || this.#flags & LENIENT.KEEP_ALIVE;
    this.#state = keepsAlive || this.#upgraded ? START : CLOSED;
    this[kOnMessageComplete]?.();
  }

  /** Behind a message that was the last one. */
  [CLOSED]() {
    const isData = !this.#input.isAtCrOrLf;
    this.#input.skip();
    if (isData && !(this.#flags & LENIENT.DATA_AFTER_CLOSE)) {
      fail('HPE_CLOSED_CONNECTION', 'Data after `Connection: close`');
    }
  }
}

/** Connections of a server; there is none. */
class ConnectionsList {
  all() {
    return [];
  }

  idle() {
    return [];
  }

  active() {
    return [];
  }

  expired() {
    return [];
  }
}

Object.assign(exports, {
  HTTPParser,
  ConnectionsList,
  methods: [...syntax.METHODS, 'QUERY'],
  allMethods: syntax.ALL_METHODS,
});
