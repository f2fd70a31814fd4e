// What a first handler does: the classes that it needs go into the cache of dist/java.
const { readFileSync } = require("node:fs");

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

exports.init = (cfg) => ({
  echo: (req) => req,
  json: (req) => JSON.stringify({ ...JSON.parse('{"a": [1, 2.5, "x", null]}'), req }),
  bytes: (req, task) => Buffer.from(task.body),
  later: async (req) => {
    await sleep(1);
    console.log("%s of %o, %d", req, { cfg }, readFileSync(__filename).length);
    return req;
  },
  fail: (req) => {
    throw new Error(req);
  },
});
