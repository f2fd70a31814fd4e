// Requests as bytes, each kind of bytes as a reply.
exports.encoding = null;

exports.init = () => ({
  echo: (req) => req,
  isnil: (req) => String(req === null),
  sum: (req) => String(req.reduce((sum, byte) => sum + byte, 0)),
  typed: (req) => new Uint8Array(req),
  slice: (req) => new Uint8Array(req).subarray(1, 3),
  buffer: (req) => new Uint8Array(req).buffer,
  emptybytes: () => new Uint8Array(0),
});
