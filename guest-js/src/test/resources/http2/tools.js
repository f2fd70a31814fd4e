'use strict';

// What the tests of node:http2 use: requests whose events are told as text.
const http2 = require('http2');

/** A session that keeps what it emits. */
exports.connect = (url, options) => {
  const session = http2.connect(url, options);
  session.told = [];
  const tell = {
    error: (error) => ` ${error.code} ${error.message}`,
    goaway: (code, last, data) => ` ${code} ${last} ${data}`,
    frameError: (type, code, id) => ` ${type} ${code} ${id}`,
    altsvc: (alt, origin, id) => ` ${alt} ${origin} ${id}`,
    ping: (payload) => ` ${payload.toString('hex')}`,
  };
  for (const event of ['close', 'error', 'goaway', 'frameError', 'altsvc', 'ping']) {
    session.on(event, (...args) => session.told.push(event + (tell[event]?.(...args) ?? '')));
  }
  session.ended = new Promise((resolve) => session.on('close', resolve));
  return session;
};

exports.connected = async (url, options) => {
  const session = exports.connect(url, options);
  await new Promise((resolve) => session.on('remoteSettings', resolve));
  return session;
};

/** A request and what comes of it, "200 response,end,close: body". */
exports.send = (session, headers, body, options) => {
  const request = session.request(headers, options);
  const told = [];
  let status = '-';
  let length = 0;
  let text = '';
  request.on('response', (all) => {
    status = all[':status'];
    request.answered = all;
  });
  request.on('headers', (all) => told.push(`headers ${all[':status']}`));
  request.on('trailers', (all) => told.push(`trailers ${all['x-end']}`));
  request.on('error', (error) => told.push(`error ${error.code} ${error.message}`));
  for (const event of ['response', 'end', 'aborted', 'timeout', 'continue']) {
    request.on(event, () => told.push(event));
  }
  request.on('data', (chunk) => {
    length += chunk.length;
    text += length > 100 ? '' : chunk;
  });
  request.result = new Promise((resolve) => {
    request.on('close', () => {
      const shown = length > 100 ? length : text;
      resolve(`${status} ${told.join()},close ${request.rstCode}: ${shown}`);
    });
  });
  if (body !== undefined) {
    request.end(body);
  }
  return request;
};

exports.get = (session, path, headers) =>
  exports.send(session, { ':path': path, ...headers }).result;

exports.post = (session, path, body, options) =>
  exports.send(session, { ':method': 'POST', ':path': path }, body, options).result;

exports.sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** What `code` throws, as code and message. */
exports.thrown = (code) => {
  try {
    return String(code());
  } catch (error) {
    return `${error.code} ${error.message}`;
  }
};
