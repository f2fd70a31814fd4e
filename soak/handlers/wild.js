// What a handler can do wrong, and right; wild.py has the same.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let last = Promise.resolve();

exports.init = (cfg) => ({
  echo: (req) => req,
  config: () => cfg,
  later: async (req) => {
    await sleep(5);
    return req;
  },
  wait: async (ms) => {
    await sleep(Number(ms));
    return ms;
  },
  slow: (req) => {
    last = last.then(() => sleep(5));
    return last.then(() => req);
  },
  boom: () => {
    throw new Error("boom");
  },
  boom_later: async () => {
    await sleep(5);
    throw new Error("boom");
  },
  never: () => new Promise(() => {}),
  spin: () => {
    for (;;);
  },
  spin_later: async () => {
    await sleep(1);
    for (;;);
  },
  garbage: () => String(Array.from({ length: 20000 }, (_, i) => ({ i })).length),
});
