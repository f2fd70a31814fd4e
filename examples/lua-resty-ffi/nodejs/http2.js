// A handler in the form of lua-resty-ffi's own loader for Node.js: it polls for its tasks itself, in a Worker.
//
//   local http2 = ngx.load_ffi("ffi_nodejs", "lua-resty-ffi/nodejs/http2,init", {is_global = true})
//   local ok, res = http2:get('{"host": "http://127.0.0.1:8080", "path": "/hello"}')

const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const http2 = require('node:http2');
const ffi = require('resty_ffi');

if (!isMainThread) {
  // The queue comes first. poll_task blocks, which is why there is a Worker; 0: the runtime is unloaded.
  parentPort.once('message', (tq) => {
    for (let task = ffi.poll_task(tq); task !== 0n && task !== 0; task = ffi.poll_task(tq)) {
      parentPort.postMessage(task);
    }
    parentPort.close();
  });
}

function answer(task) {
  let client;
  const fail = (error) => {
    ffi.respond(task, 1, String(error?.message ?? error));
    client?.destroy();
  };
  try {
    const { host, path } = JSON.parse(ffi.get_req(task));
    let answered = false;
    const failOnce = (error) => {
      if (!answered) {
        answered = true;
        fail(error);
      }
    };
    client = http2.connect(host);
    client.on('error', failOnce);
    const req = client.request({ ':path': path });
    let headers;
    let body = '';
    req.setEncoding('utf8');
    req.on('response', (all) => {
      headers = all;
    });
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('error', failOnce);
    req.on('end', () => {
      if (!answered && req.rstCode === http2.constants.NGHTTP2_NO_ERROR) {
        answered = true;
        ffi.respond(task, 0, JSON.stringify({ headers, body }));
        client.close();
      }
    });
    req.on('close', () => {
      failOnce(new Error(`${host} closed the connection before ${path} was complete`));
    });
    req.end();
  } catch (error) {
    fail(error);
  }
}

exports.init = (cfg, tq) => {
  const worker = new Worker(__filename);
  worker.on('message', answer);
  worker.postMessage(tq);
  return 0;
};
