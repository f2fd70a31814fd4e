/**
 * The lines of HTTP/1 and what is wrong with them: the rules, codes and words of llhttp, Node's parser.
 * A line is text of bytes (latin1) without its LF.
 */
'use strict';

const LENIENT = {
  HEADERS: 1,
  CHUNKED_LENGTH: 2,
  KEEP_ALIVE: 4,
  TRANSFER_ENCODING: 8,
  VERSION: 16,
  DATA_AFTER_CLOSE: 32,
  OPTIONAL_LF_AFTER_CR: 64,
  OPTIONAL_CRLF_AFTER_CHUNK: 128,
  OPTIONAL_CR_BEFORE_LF: 256,
  SPACES_AFTER_CHUNK_SIZE: 512,
};

/** Methods by their number in llhttp; those of RTSP are left out. */
const METHODS = [
  'DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK',
  'BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PATCH',
  'PURGE MKCALENDAR LINK UNLINK SOURCE',
].flatMap((line) => line.split(' '));
const QUERY = 46;
const ALL_METHODS = [
  ...METHODS,
  ...'PRI DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD FLUSH'.split(
    ' ',
  ),
];
ALL_METHODS[QUERY] = 'QUERY';

const EXPECTED_HTTP = 'Expected HTTP/, RTSP/ or ICE/';

const VERSIONS = new Set(['0.9', '1.0', '1.1', '2.0']);

const NOT_OF_TOKEN = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
// eslint-disable-next-line no-control-regex
const NOT_OF_VALUE = /[\0-\x08\x0a-\x1f\x7f]/;
// eslint-disable-next-line no-control-regex
const NOT_OF_LENIENT_VALUE = /[\0\r\n]/;

/** What a line is wrong about; `at` is where in the line. */
class SyntaxFailure {
  constructor(code, reason, at = 0) {
    this.code = code;
    this.reason = reason;
    this.at = at;
  }
}

const fail = (code, reason, at) => {
  throw new SyntaxFailure(code, reason, at);
};

/** Without its CR, which has to be there; `before` is what was in front of `line`. */
function withoutCr(line, flags, what, before = 0) {
  if (line.endsWith('\r')) {
    return line.slice(0, -1);
  }
  if (!(flags & LENIENT.OPTIONAL_CR_BEFORE_LF)) {
    fail('HPE_CR_EXPECTED', `Missing expected CR after ${what}`, before + line.length + 1);
  }
  return line;
}

function parseVersion(line, at, flags) {
  if (!/\d/.test(line[at])) {
    fail('HPE_INVALID_VERSION', 'Invalid major version', at);
  }
  if (line[at + 1] !== '.') {
    fail('HPE_INVALID_VERSION', 'Expected dot', at + 1);
  }
  if (!/\d/.test(line[at + 2])) {
    fail('HPE_INVALID_VERSION', 'Invalid minor version', at + 2);
  }
  if (!(flags & LENIENT.VERSION) && !VERSIONS.has(line.slice(at, at + 3))) {
    fail('HPE_INVALID_VERSION', 'Invalid HTTP version', at + 3);
  }
  return [Number(line[at]), Number(line[at + 2])];
}

/** "HTTP/1.1 200 OK". */
function parseStatusLine(line, flags) {
  checkStartOfResponse(line);
  const [major, minor] = parseVersion(line, 5, flags);
  if (line[8] !== ' ') {
    fail('HPE_INVALID_VERSION', 'Expected space after version', 8);
  }
  const digits = /^\d{0,3}/.exec(line.slice(9, 12))[0].length;
  if (digits < 3) {
    fail('HPE_INVALID_STATUS', 'Invalid status code', 9 + digits);
  }
  const rest = line.slice(12);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\r') {
    fail('HPE_INVALID_STATUS', 'Invalid response status', 12);
  }
  const cr = rest.indexOf('\r');
  if (cr >= 0 && cr < rest.length - 1) {
    fail('HPE_STRICT', 'Expected LF after CR', 12 + cr + 1);
  }
  const statusMessage = withoutCr(rest, flags, 'response line', 12).slice(1);
  return { major, minor, statusCode: Number(line.slice(9, 12)), statusMessage };
}

/** As far as it is there. */
function checkStartOfResponse(line) {
  const constant = 'HTTP/';
  for (let i = 0; i < Math.min(line.length, constant.length); i++) {
    if (line[i] !== constant[i]) {
      fail('HPE_INVALID_CONSTANT', EXPECTED_HTTP, i);
    }
  }
}

/** As far as it is there. */
function checkStartOfRequest(line, flags) {
  const [method] = line.split(' ', 1);
  if (!ALL_METHODS.some((known) => known.startsWith(method))) {
    parseRequestLine(line, flags); // says what is wrong
  }
}

/** "GET / HTTP/1.1". */
function parseRequestLine(line, flags) {
  const method = /^[A-Z_-]*/.exec(line)[0];
  const number = ALL_METHODS.indexOf(method);
  if (number < 0) {
    const begun = ALL_METHODS.find((known) => method.startsWith(known));
    const reason = begun === undefined ? 'Invalid method encountered' : 'Expected space after method';
    fail('HPE_INVALID_METHOD', reason, begun?.length ?? 1);
  }
  if (line[method.length] !== ' ') {
    fail('HPE_INVALID_METHOD', 'Expected space after method', method.length);
  }
  const target = /^ +([^ \r]*)/.exec(line.slice(method.length));
  const [, url] = target;
  const bad = url.search(/[^\x21-\x7e\x80-\xff]/);
  if (url === '' || bad >= 0) {
    fail('HPE_INVALID_URL', 'Invalid char in url path', method.length + 1 + Math.max(bad, 0));
  }
  const at = method.length + target[0].length;
  const version = / +HTTP\//y;
  version.lastIndex = at;
  if (version.exec(line) === null) {
    fail('HPE_INVALID_CONSTANT', EXPECTED_HTTP, at + 1);
  }
  const [major, minor] = parseVersion(line, version.lastIndex, flags);
  const rest = line.slice(version.lastIndex + 3);
  if (rest !== '\r' && !(rest === '' && flags & LENIENT.OPTIONAL_CR_BEFORE_LF)) {
    fail('HPE_INVALID_VERSION', 'Expected CRLF after version', version.lastIndex + 4);
  }
  return { major, minor, method: number, url };
}

/** "name: value", and where the value begins; it has no blanks around it. */
function parseHeader(line, flags, isFirst) {
  const lenient = flags & LENIENT.HEADERS;
  if (isFirst && line[0] === ' ' && !lenient) {
    fail('HPE_UNEXPECTED_SPACE', 'Unexpected space after start line', 1);
  }
  if (line === '') {
    fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header field char', 1);
  }
  if (line.startsWith('\r')) {
    fail('HPE_STRICT', 'Expected LF after headers', 1);
  }
  const name = checkHeaderName(line, flags);
  if (name === undefined) {
    fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header token', line.length);
  }
  const start = line.slice(name.length + 1).search(/[^ \t]|$/) + name.length + 1;
  const inner = line.indexOf('\r');
  const end = inner < 0 ? line.length : inner;
  const value = line.slice(start, end);
  const bad = value.search(lenient ? NOT_OF_LENIENT_VALUE : NOT_OF_VALUE);
  if (bad >= 0) {
    fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header value char', start + bad);
  }
  if (inner >= 0 && inner < line.length - 1) {
    fail('HPE_LF_EXPECTED', 'Missing expected LF after header value', inner + 1);
  }
  withoutCr(line, flags, 'header value');
  return { name: name.trimEnd(), value: value.replace(/[ \t]+$/, ''), start };
}

/** The name in front of the colon; undefined where there is none yet. */
function checkHeaderName(line, flags) {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const token = flags & LENIENT.HEADERS ? name.trimEnd() : name;
  const bad = token.search(NOT_OF_TOKEN);
  if (bad >= 0 || colon === 0) {
    fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header token', Math.max(bad, 0));
  }
  return colon < 0 ? undefined : name;
}

/** "1f;name=value" as a number. */
function parseChunkSize(line, flags) {
  const digits = /^[0-9a-fA-F]*/.exec(line)[0];
  if (digits === '') {
    fail('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size', 0);
  }
  if (digits.replace(/^0+/, '').length > 13) {
    fail('HPE_INVALID_CHUNK_SIZE', 'Chunk size overflow', 17);
  }
  let rest = line.slice(digits.length);
  if (flags & LENIENT.SPACES_AFTER_CHUNK_SIZE) {
    rest = rest.replace(/^ +/, '');
  }
  const before = line.length - rest.length;
  if (rest !== '' && rest[0] !== '\r' && rest[0] !== ';') {
    const at = rest[0] === ' ' ? before + 1 : before;
    fail('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size', at);
  }
  const cr = rest.indexOf('\r');
  if (cr >= 0 && cr < rest.length - 1) {
    fail('HPE_STRICT', `Expected LF after chunk ${cr === 0 ? 'size' : 'extensions'}`, before + cr + 1);
  }
  const extensions = withoutCr(rest, flags, 'chunk size', before);
  const bad = extensions.search(NOT_OF_VALUE);
  if (bad >= 0) {
    const part = extensions.slice(0, bad).includes('=') ? 'value' : 'name';
    fail('HPE_STRICT', `Invalid character in chunk extensions ${part}`, before + bad + 1);
  }
  return parseInt(digits, 16);
}

function parseContentLength(text) {
  if (text === '') {
    fail('HPE_INVALID_CONTENT_LENGTH', 'Empty Content-Length', 1);
  }
  const bad = text.search(/\D/);
  if (bad >= 0) {
    fail('HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length', bad);
  }
  const length = Number(text);
  if (!Number.isSafeInteger(length)) {
    fail('HPE_INVALID_CONTENT_LENGTH', 'Content-Length overflow', 20);
  }
  return length;
}

module.exports = {
  ALL_METHODS,
  LENIENT,
  METHODS,
  SyntaxFailure,
  checkHeaderName,
  checkStartOfRequest,
  checkStartOfResponse,
  fail,
  parseChunkSize,
  parseContentLength,
  parseHeader,
  parseRequestLine,
  parseStatusLine,
};
