// Does what no guest should: ACTION in a handler, or where the config "ACTION in PLACE" says.
const actions = {
  "process.exit": () => process.exit(3),
  "process.abort": () => process.abort(),
  "process.kill": () => process.kill(process.pid, 9),
  "process.reallyExit": () => process.reallyExit(3),
  quit: () => quit(3),
  intervals: () => {
    setInterval(() => console.log("tick of intervals"), 20);
    const again = () => setTimeout(again, 0);
    again();
    const soon = () => setImmediate(soon);
    soon();
  },
  "unhandled rejection": () => {
    Promise.reject(new Error("nobody handles this"));
  },
  prototypes: () => {
    Promise.prototype.then = () => "broken";
    Array.prototype[Symbol.iterator] = () => "broken";
    Object.prototype.then = 5;
    Function.prototype.call = () => "broken";
  },
  globals: () => {
    for (const name of ["setTimeout", "console", "process", "Promise", "Error", "require"]) {
      globalThis[name] = undefined;
    }
  },
};

let atEnd;

exports.init = (cfg) => {
  const [action, place] = (cfg ?? "").split(" in ");
  if (place === "init") {
    actions[action]();
  } else if (place === "dispose") {
    atEnd = action;
  }
  return {
    here: (action) => {
      actions[action]();
      return "survived";
    },
    later: async (action) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      actions[action]();
      return "survived";
    },
    timer: (action) => {
      setTimeout(actions[action], 1);
      return "survived";
    },
    echo: (req) => req,
  };
};

exports.dispose = () => {
  if (atEnd) {
    actions[atEnd]();
  }
};
