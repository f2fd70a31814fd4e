// js:demo/http2,init,{"host":"https://127.0.0.1:8443","ca":"/path/of/ca.pem"}
//
// Calls a server over HTTP/2: all calls share one connection, and run at the same time. It is made by the
// first call, and anew by the next one after the server has closed it.
//
//   demo:get('{"path": "/hello"}')
//   demo:post('{"path": "/echo", "headers": {"x-id": "1"}, "body": "hi"}')
//
// Each replies {"status": 200, "headers": {…}, "body": "…"}, and "trailers" if there are any.

const http2 = require('node:http2');
const { readFileSync } = require('node:fs');
const { text } = require('node:stream/consumers');

class Client {
  #host;
  #options;
  #session;

  constructor({ host, ca }) {
    this.#host = host;
    // Without a CA of its own, the server's certificate is checked against the system's.
    this.#options = ca === undefined ? {} : { ca: readFileSync(ca) };
  }

  /** The connection, if it takes new requests, else another one. */
  #connection() {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      const session = http2.connect(this.#host, this.#options);
      // Its requests fail with the same error, and who made them is told.
      session.on('error', () => {});
      this.#session = session;
    }
    return this.#session;
  }

  async request(method, { path, headers, body }, signal) {
    // Without a body the request ends with its headers.
    const endStream = body === undefined;
    const stream = this.#connection().request(
      { ...headers, ':method': method, ':path': path },
      { endStream, signal },
    );
    const reply = {};
    stream.on('response', ({ ':status': status, ...others }) => {
      reply.status = status;
      reply.headers = others;
    });
    stream.on('trailers', (trailers) => {
      reply.trailers = trailers;
    });
    if (!endStream) {
      stream.end(body);
    }
    reply.body = await text(stream);
    if (stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR) {
      throw new Error(`${this.#host} closed the connection before ${path} was complete`);
    }
    return JSON.stringify(reply);
  }

  close() {
    this.#session?.close();
  }
}

/** A request's text as an object with a path. */
function parse(req) {
  const request = JSON.parse(req);
  if (typeof request?.path !== 'string') {
    throw new TypeError(`expected {"path": "/…"}, got ${req}`);
  }
  return request;
}

let client;

exports.init = (cfg) => {
  const config = JSON.parse(cfg ?? 'null');
  if (typeof config?.host !== 'string') {
    throw new TypeError(`expected {"host": "https://…"} as the configuration, got ${cfg}`);
  }
  client = new Client(config);

  // task.signal: the caller has gone, or waits no longer.
  return {
    get: (req, task) => client.request('GET', parse(req), task.signal),
    post: (req, task) => client.request('POST', parse(req), task.signal),
  };
};

// At unload and reload: what is on its way may end.
exports.dispose = () => client?.close();
