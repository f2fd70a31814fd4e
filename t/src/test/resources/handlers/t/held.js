"use strict";
// Opens all that a program of Node's can hold open, and lets go of nothing: HeldResourcesTest.
const fs = require("node:fs");
const http = require("node:http");
const http2 = require("node:http2");
const net = require("node:net");
const { Worker } = require("node:worker_threads");

const WORKERS = [
  "for (;;) ;",
  "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "setInterval(() => {}, 5)",
  // One that holds a connection of its own.
  `require('node:net').connect(require('node:worker_threads').workerData)
     .resume().on('error', () => {})`,
];

/** cfg: the port of a server that never says a word, and a folder with `file` and `fifo`. */
exports.init = (cfg) => {
  const { port, folder } = JSON.parse(cfg);
  const held = [];
  return {
    echo: (req) => req,
    hold: async () => {
      for (const source of WORKERS) {
        const worker = new Worker(source, { eval: true, workerData: port });
        worker.on("error", () => {});
        await new Promise((resolve) => worker.once("online", resolve));
        held.push(worker);
      }
      const socket = net.connect(port).on("error", () => {});
      await new Promise((resolve) => socket.once("connect", resolve));
      const session = http2.connect(`http://127.0.0.1:${port}`).on("error", () => {});
      session.request({ ":path": "/" }).on("error", () => {});
      held.push(socket, session);
      held.push(http.get({ port, path: "/" }).on("error", () => {}));
      fetch(`http://127.0.0.1:${port}/`).catch(() => {});
      held.push(fs.openSync(`${folder}/file`), await fs.promises.open(`${folder}/file`));
      held.push(fs.watch(folder), await fs.promises.opendir(folder));
      fs.readFile(`${folder}/fifo`, () => {});
      held.push(setInterval(() => {}, 5));
      return "held";
    },
    spin: () => {
      for (;;);
    },
  };
};
