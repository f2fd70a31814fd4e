// The third line is wrong.
exports.init = () => (req) => req;
const = 1;
