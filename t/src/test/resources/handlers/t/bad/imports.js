require("./absent");
exports.init = () => (req) => req;
