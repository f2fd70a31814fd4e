/** Node's tcp_wrap and pipe_wrap: the client's side. */
'use strict';

const { notSupported } = require('failures');
const { AsyncWrap, LibuvStreamWrap, fill, socketOf } = require('bindings/streams');

const TCP_CONSTANTS = { SOCKET: 0, SERVER: 1, UV_TCP_IPV6ONLY: 1, UV_TCP_REUSEPORT: 2 };
const PIPE_CONSTANTS = { SOCKET: 0, SERVER: 1, IPC: 2, UV_READABLE: 1, UV_WRITABLE: 2 };

/** Begins a request; `begin` gets Java's callback and gives a number. */
function begin(handle, req, start) {
  const done = handle.request((status) => req.oncomplete(status, handle, req, true, true));
  const status = start(done);
  if (status !== 0) {
    handle.refused();
  }
  return status;
}

const refuse = (what) => () => {
  throw notSupported(what, ': nginx is the server');
};

class TCP extends LibuvStreamWrap {
  constructor() {
    super(); // all are of the client's side, whatever is said
  }

  bind(address, port) {
    return socketOf(this).bind(address, port || 0);
  }

  bind6(address, port) {
    return socketOf(this).bind(address, port || 0);
  }

  connect(req, address, port) {
    return begin(this, req, (done) => socketOf(this).connect(address, port, false, done));
  }

  connect6(req, address, port) {
    return begin(this, req, (done) => socketOf(this).connect(address, port, true, done));
  }

  getsockname(out) {
    return fill(out, socketOf(this).localAddress());
  }

  getpeername(out) {
    return fill(out, socketOf(this).remoteAddress());
  }

  setNoDelay(on) {
    return socketOf(this).setNoDelay(on);
  }

  setKeepAlive(on, seconds) {
    return socketOf(this).setKeepAlive(on, seconds);
  }
}

class Pipe extends LibuvStreamWrap {
  constructor() {
    super();
  }

  connect(req, path) {
    return begin(this, req, (done) => socketOf(this).connectPath(path, done));
  }
}

Object.assign(TCP.prototype, {
  listen: refuse('Server.listen'),
  open: refuse('a socket of a file descriptor'),
});
Object.assign(Pipe.prototype, {
  bind: refuse('Server.listen'),
  listen: refuse('Server.listen'),
  open: refuse('a socket of a file descriptor'),
});

exports.tcp_wrap = {
  TCP,
  TCPConnectWrap: class TCPConnectWrap extends AsyncWrap {},
  constants: TCP_CONSTANTS,
};

exports.pipe_wrap = {
  Pipe,
  PipeConnectWrap: class PipeConnectWrap extends AsyncWrap {},
  constants: PIPE_CONSTANTS,
};
