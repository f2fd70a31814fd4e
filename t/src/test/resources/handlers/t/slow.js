// A runtime that cannot keep up with its callers; slow.py has the same.
let running = 0;
let most = 0;

// How many calls it has had at the same time, at most.
const count = () => {
  most = Math.max(most, ++running);
};

const handlers = {
  blocks: (req) => {
    count();
    const end = Date.now() + 5;
    while (Date.now() < end);
    running--;
    return `${req.length} ${most}`;
  },
  waits: async (req) => {
    count();
    await new Promise((resolve) => setTimeout(resolve, 30));
    running--;
    return `${req.length} ${most}`;
  },
};

exports.init = () => handlers;
