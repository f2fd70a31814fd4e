// Entries that fail, each in its own way.
exports.throws = () => {
  throw new Error("the entry threw");
};
exports.throwsrc = () => {
  throw Object.assign(new Error("the entry threw with rc"), { rc: 7 });
};
exports.rejects = async () => {
  await null;
  throw new Error("the entry rejected");
};
exports.nothandler = () => "just text";
exports.nothing = () => undefined;
exports.nocallable = 42;
exports.number = (cfg, tq) => 5;
