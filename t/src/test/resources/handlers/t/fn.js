// One function for every method; the config comes back with it.
exports.init = (cfg) => (req, task) => `${cfg}|${req}`;
exports.other = async (cfg) => async (req, task) => `${task.method}|${cfg}|${req}`;
exports.echo = () => (req, task) => task.body;
