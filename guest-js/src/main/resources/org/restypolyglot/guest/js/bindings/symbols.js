/** Keys that Node's C++ and its library share. */
'use strict';

const { privateSymbol } = require('intrinsics');

/** A table whose keys are made when they are asked for. */
function symbolTable(make) {
  return new Proxy(
    {},
    {
      get(table, name) {
        table[name] ??= make(String(name));
        return table[name];
      },
    },
  );
}

exports.symbols = symbolTable((name) => Symbol(name));
exports.privateSymbols = symbolTable((name) => privateSymbol(name));
