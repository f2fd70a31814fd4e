// What a first handler does, and some that it may do soon: the classes that these need go into the
// cache of dist/java, and with them which methods of the compiler are worth compiling.
const { readFileSync } = require("node:fs");

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const document = '{"a": [1, 2.5, "x", null], "b": {"c": "d", "e": [true, false]}}';

exports.init = (cfg) => ({
  echo: (req) => req,
  json: (req) => JSON.stringify({ ...JSON.parse(document), req }),
  bytes: (req, task) => Buffer.from(task.body),
  later: async (req) => {
    await sleep(1);
    console.log("%s of %o, %d", req, { cfg }, readFileSync(__filename).length);
    return req;
  },
  fail: (req) => {
    throw new Error(req);
  },

  // Enough of it that the guest's code is compiled, over and over.
  busy: (req) => {
    let size = 0;
    for (let i = 0; i < 200; i++) {
      const parsed = { ...JSON.parse(document), req, i };
      parsed.n = parsed.a.map((x) => String(x)).join();
      size += JSON.stringify(parsed).replace(/[aeiou]/g, "").length;
    }
    return String(size);
  },

  // What takes the longest to load. The server that it asks for is not there.
  library: async () => {
    const { pipeline } = require("node:stream/promises");
    const { Readable } = require("node:stream");
    const { createGzip } = require("node:zlib");
    const { createHash, randomUUID } = require("node:crypto");
    const http2 = require("node:http2");
    const chunks = [];
    await pipeline(Readable.from(["x", "y"]), createGzip(), async (parts) => {
      for await (const part of parts) chunks.push(part);
    });
    const url = new URL("https://127.0.0.1:1/?q=1");
    const [fetched, connected] = await Promise.all([
      fetch(url, { headers: { accept: "*/*" }, signal: AbortSignal.timeout(5000) }).catch(String),
      new Promise((resolve) => http2.connect(url.origin).on("error", resolve)),
    ]);
    return [randomUUID(), createHash("sha256").update(chunks[0]).digest("hex"), fetched, connected].join();
  },
});
