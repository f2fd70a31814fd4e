// One method for each thing that a handler can do; calls.py has the same.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, Number(ms)));

let count = 0;
const held = [];

const handlers = {
  echo: (req) => req,
  nothing: () => null,
  isnil: (req) => (req === null ? "yes" : "no: " + typeof req),
  method: (req, task) => task.method,
  body: (req, task) => task.body,
  text: () => "h\u00e9 \u6f22 \u{1f600} \u0000.",
  surrogate: () => "a\ud800b",
  count: () => String(++count),

  number: () => 42,
  object: () => ({ a: 1 }),

  fail: (req) => {
    throw new Error(req);
  },
  failrc: (req) => {
    throw Object.assign(new Error(req), { rc: 42 });
  },
  failrczero: (req) => {
    throw Object.assign(new Error(req), { rc: 0 });
  },

  later: async (req) => {
    await sleep(1);
    return req;
  },
  laterfail: async (req) => {
    await sleep(1);
    throw new Error(req);
  },
  wait: async (ms) => {
    await sleep(ms);
    return "waited " + ms;
  },
  busy: (ms) => {
    const end = Date.now() + Number(ms);
    while (Date.now() < end);
    return "busy for " + ms;
  },

  // Answers when release() is called.
  hold: (req) => new Promise((resolve) => held.push(() => resolve(req))),
  release: () => {
    const all = held.splice(0);
    all.forEach((resolve) => resolve());
    return String(all.length);
  },
};

exports.init = () => handlers;
