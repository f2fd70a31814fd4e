// Handlers that do not end, or take what there is; runaway.py has the same.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let count = 0;
let grown;

exports.init = () => ({
  echo: (req) => req,
  count: () => String(++count),
  later: async (req) => {
    await sleep(1);
    return req;
  },
  never: () => new Promise(() => {}),

  spin: () => {
    for (;;);
  },
  spin_later: async () => {
    await sleep(1);
    for (;;);
  },
  stubborn: () => {
    for (;;) {
      try {
        for (;;);
      } catch {
      } finally {
        continue;
      }
    }
  },
  block: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3600000),

  recurse: function recurse() {
    return recurse() + 1;
  },
  many_arrays: () => {
    grown = [];
    try {
      for (;;) grown.push(new Array(100000).fill(0.5));
    } finally {
      grown = undefined;
    }
  },
  long_string: () => {
    let text = "x".repeat(1 << 20);
    for (;;) text = text + text;
  },
  // Keeps so many megabytes, and makes garbage until they have been collected once.
  keep: (megabytes) => {
    const kept = Array.from({ length: Number(megabytes) }, () => new Uint8Array(1 << 20));
    for (let i = 0; i < 2000; i++) kept[0] = new Uint8Array(1 << 20);
    return String(kept.length);
  },
  many_arrays_later: async () => {
    await sleep(1);
    const all = [];
    for (;;) all.push(new Array(100000).fill(0.5));
  },
});

exports.spinning = () => {
  for (;;);
};
exports.unsettled = () => new Promise(() => {});
