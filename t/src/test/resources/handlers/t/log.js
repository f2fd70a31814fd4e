// Says things at every level.
exports.init = () => ({
  say: (req) => {
    console.error("error: " + req);
    console.warn("warn: " + req);
    console.log("log: " + req);
    console.info("info: " + req);
    console.debug("debug: " + req);
    return "said";
  },
  print: (req) => {
    console.log(req);
    return "printed";
  },
  fail: () => outer(),
});

const outer = () => inner();

function inner() {
  throw new Error("deep inside");
}
