// "js:demo/echo?,init": the module, "?" (read it afresh at each load), the entry.

// The entry is called once; what it returns answers the calls: demo:echo(...), demo:upper(...)
exports.init = (cfg) => ({
  echo: (req) => req,

  upper: (req) => req.toUpperCase(),

  // async handlers are awaited; nginx serves others meanwhile.
  later: async (req) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return `${req}, 100 ms later`;
  },

  // A throw reaches Lua as `false, rc, message`.
  fail: (req) => {
    throw Object.assign(new Error(`no such thing: ${req}`), { rc: 404 });
  },
});
