/** `node:module`: the class of CommonJS modules with what Node hangs on it. */
'use strict';

const { modules: files } = host;
const builtins = require('builtins');
const { codedError } = require('failures');
const { checked } = require('module-errors');
const { Module, requireOf } = require('modules');

function invalidFilename(value) {
  const { codes } = require('node').requireNode('internal/errors');
  return new codes.ERR_INVALID_ARG_VALUE(
    'filename',
    value,
    'must be a file URL object, file URL string, or absolute path string',
  );
}

/** The path of an absolute path, a file URL, or its text. */
function pathOf(place) {
  const text = typeof place === 'string' ? place : place?.href;
  if (typeof text === 'string' && text.startsWith('/')) {
    return text;
  }
  if (typeof text === 'string' && text.startsWith('file:')) {
    return checked(files.pathOfUrl(text));
  }
  throw invalidFilename(place);
}

Module.createRequire = (filename) => {
  const path = pathOf(filename);
  return requireOf(path.endsWith('/') ? `${path}noop.js` : path);
};

Module.findPackageJSON = (specifier, base = 'data:') => {
  if (specifier === undefined) {
    throw Object.assign(new TypeError('The "specifier" argument must be specified'), {
      code: 'ERR_MISSING_ARGS',
    });
  }
  const name = String(specifier);
  const importer = base === 'data:' ? base : pathOf(base);
  if (!/^[./]/.test(name) && !/^[a-z][a-z\d+.-]*:/i.test(name)) {
    return checked(files.packageOfName(name, importer));
  }
  const url = require('esm').resolve(name, importer);
  return checked(files.packageOfFile(checked(files.pathOfUrl(url)).replace(/(.)\/$/, '$1'))) ?? undefined;
};

const refuse = (name) => () => {
  throw codedError('ERR_NOT_SUPPORTED', `ERR_NOT_SUPPORTED: module.${name}() is not supported here`);
};

Object.assign(Module, {
  Module,
  builtinModules: Object.freeze(builtins.names().sort()),
  isBuiltin: (name) => builtins.isBuiltin(String(name)),
  globalPaths: [...files.globalPaths()],
  wrapper: ['(function (exports, require, module, __filename, __dirname) { ', '\n});'],
  wrap: (text) => Module.wrapper[0] + text + Module.wrapper[1],
  findSourceMap: () => undefined,
  syncBuiltinESMExports() {},
  register: refuse('register'),
  registerHooks: refuse('registerHooks'),
  stripTypeScriptTypes: refuse('stripTypeScriptTypes'),
});

exports.Module = Module;
