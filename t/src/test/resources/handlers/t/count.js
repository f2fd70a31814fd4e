// Counts its calls, and needs nothing else: a runtime of it is loaded quickly.
exports.init = () => {
  let calls = 0;
  return () => String(++calls);
};
