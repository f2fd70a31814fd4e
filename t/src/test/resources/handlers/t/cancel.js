// Says in the log what becomes of its calls; cancel.py has the same.
const { waitFor } = require("./gate");

const begun = new Set();
const held = [];

exports.init = () => ({
  // Ends when it is cancelled, or when release() is called.
  wait: (id, task) =>
    new Promise((resolve) => {
      console.log(`${id} begins`);
      begun.add(id);
      task.signal.addEventListener("abort", () => {
        console.log(`${id} is cancelled: ${task.signal.reason.message}`);
        resolve("cancelled");
      });
      held.push(() => {
        console.log(`${id} ends by itself`);
        resolve("released");
      });
    }),
  began: (id) => String(begun.has(id)),
  release: () => {
    held.splice(0).forEach((end) => end());
    return "released";
  },
  block: (file) => {
    console.log(`waits for ${file}`);
    waitFor(file);
    return "opened";
  },
  note: (id) => {
    console.log(`${id} begins`);
  },
  echo: (req) => req,
});
