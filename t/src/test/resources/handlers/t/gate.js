// Blocks, spinning, until a file is there, so that a test says how long; gate.py has the same.
function waitFor(file) {
  for (let i = 0; ; i++) {
    if (i % 100_000 === 0 && isThere(file)) {
      return;
    }
  }
}

function isThere(file) {
  try {
    return require.resolve(file) !== "";
  } catch {
    return false;
  }
}

exports.waitFor = waitFor;

exports.blocked_init = (file) => {
  console.log(`init waits for ${file}`);
  waitFor(file);
  return (req) => req;
};

exports.init = () => ({
  echo: (req) => req,
  block: (file) => {
    waitFor(file);
    return "opened";
  },
});
