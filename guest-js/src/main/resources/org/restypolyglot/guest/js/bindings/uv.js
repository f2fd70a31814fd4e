/** libuv's errors. */
'use strict';

const map = new Map(require('node-constants').uv);

exports.getErrorMap = () => map;
exports.errname = (code) => map.get(code)?.[0] ?? `Unknown system error ${code}`;
exports.getErrorMessage = (code) => map.get(code)?.[1] ?? `Unknown system error ${code}`;
for (const [code, [name]] of map) {
  exports[`UV_${name}`] = code;
}
