// HTTP/1 as the parser sees it, whole and byte by byte: what is a message, and what is wrong with one.
'use strict';

const { HTTPParser } = require('_http_common');

function trace(type, pieces, result) {
  const seen = [];
  const parser = new HTTPParser();
  parser.initialize(type, {}, 0, 0);
  parser[HTTPParser.kOnHeaders] = (headers) => seen.push(['trailers', ...headers]);
  parser[HTTPParser.kOnHeadersComplete] = (...args) => {
    seen.push(['head', ...args]);
    return result;
  };
  parser[HTTPParser.kOnBody] = (body) => {
    if (seen.at(-1)[0] === 'body') {
      seen.at(-1)[1] += body.latin1Slice();
    } else {
      seen.push(['body', body.latin1Slice()]);
    }
  };
  parser[HTTPParser.kOnMessageComplete] = () => seen.push(['done']);
  for (const piece of pieces) {
    const read = parser.execute(Buffer.from(piece, 'latin1'));
    if (read instanceof Error) {
      return [...seen, read.code, read.reason];
    }
  }
  const end = parser.finish();
  return end instanceof Error ? [...seen, end.code, end.reason] : seen;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const EMPTY = `${OK}Content-Length: 0\r\n\r\n`;

const RESPONSES = [
  `${OK}Content-Length: 5\r\n\r\nhello`,
  `${OK}Content-Length: 5\r\n\r\nhello${EMPTY}`,
  `${OK}\r\nto the end`,
  `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`,
  `${CHUNKED}5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n`,
  `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
  `${OK}Transfer-Encoding: chunked, gzip\r\n\r\nabc`,
  `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na`,
  `HTTP/1.1 101 Switch\r\nConnection: Upgrade\r\nUpgrade: ws\r\n\r\n`,
  `HTTP/1.1 100 Continue\r\n\r\n${EMPTY}`,
  `HTTP/1.1 103 Early\r\nLink: x\r\n\r\n${EMPTY}`,
  `HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n${EMPTY}`,
  `HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n${EMPTY}`,
  `\r\n\r\n${EMPTY}`,
  `${OK}A: b\xe9c  \r\nB:\r\nC: \t \r\nContent-Length: 0\r\n\r\n`,
  'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',
  'garbage',
  'HTTX/1.1 200 OK\r\n\r\n',
  'HTTP/x.1 200 OK\r\n\r\n',
  'HTTP/3.1 200 OK\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 2000 OK\r\n\r\n',
  'HTTP/1.1 200 OK\nA: b\n\n',
  'HTTP/1.1 200 OK\rX',
  `${OK}A: b\n\n`,
  `${OK}A: b\rX\r\n\r\n`,
  `${OK} A: b\r\n\r\n`,
  `${OK}A : b\r\n\r\n`,
  `${OK}: b\r\n\r\n`,
  `${OK}A: b\r\n c\r\n\r\n`,
  `${OK}A: b\0c\r\n\r\n`,
  `${OK}A: b\r\n\rX`,
  `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
  `${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`,
  `${OK}Content-Length: 5x\r\n\r\n`,
  `${OK}Content-Length: -1\r\n\r\n`,
  `${OK}Content-Length: \r\n\r\n`,
  `${OK}Content-Length: 99999999999999999999999\r\n\r\n`,
  `${CHUNKED}zz\r\n`,
  `${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`,
  `${CHUNKED}5\r\nhelloX\r\n`,
  `${CHUNKED}5\nhello\r\n`,
  `${CHUNKED}5\r\nhello\n0\r\n\r\n`,
  `${CHUNKED}5\rX`,
  `${CHUNKED}fffffffffffffffff\r\n`,
  `${CHUNKED}5\r\nhel`,
  `${OK}Connection: close\r\nContent-Length: 1\r\n\r\naHTTP/1.1`,
  `${OK}A: b`,
];

const REQUESTS = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /x HTTP/1.1\r\n\r\n',
  'M-SEARCH * HTTP/1.1\r\n\r\n',
  'FOO / HTTP/1.1\r\n\r\n',
  'GETX',
  'GET / HTTP/1.1\n\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, x\r\n\r\n',
];

for (const [type, inputs] of [
  [HTTPParser.RESPONSE, RESPONSES],
  [HTTPParser.REQUEST, REQUESTS],
]) {
  for (const input of inputs) {
    const whole = JSON.stringify(trace(type, [input]));
    console.log(JSON.stringify(input), whole);
    const bytes = JSON.stringify(trace(type, [...input]));
    const merged = bytes.replace(/"\],\["body","/g, '');
    console.log(merged === whole ? 'the same byte by byte' : merged);
  }
}
console.log(JSON.stringify(trace(HTTPParser.RESPONSE, [`HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n${EMPTY}`], 1)));
const big = trace(HTTPParser.RESPONSE, [`${OK}X: ${'a'.repeat(17000)}\r\n\r\n`]);
console.log(big.join(' '));
