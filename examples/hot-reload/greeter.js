const words = require('./words.json');

let greeted = 0; // each generation begins anew

exports.init = () => ({
  greet: (name) => `${words.hello}, ${name ?? 'world'}! You are number ${++greeted}.`,
});

// Runs when the next generation serves and the last call of this one is answered.
exports.dispose = () => console.log(`this generation has greeted ${greeted}`);
