/** CommonJS: `require`, `module` and the cache of this context. Java finds and parses the files. */
'use strict';

const { modules: files } = host;
const { codedError } = require('failures');
const builtins = require('builtins');
const { explainSyntaxError } = require('syntax');

const hasOwn = Object.hasOwn;

/** `require.cache`: by file name. */
const cache = Object.create(null);

/** All files that were compiled here, also those that threw. */
const compiled = new Set();

let mainModule;

class Module {
  constructor(filename, parent) {
    this.id = parent === undefined ? '.' : filename;
    this.path = folderOf(filename);
    this.exports = {};
    this.filename = filename;
    this.loaded = false;
    this.children = [];
    this.paths = Array.from(files.searchFolders(this.path));
    Object.defineProperty(this, 'parent', { value: parent, enumerable: false, configurable: true });
  }

  require(specifier) {
    return requireFrom(this, specifier);
  }
}

function folderOf(filename) {
  return filename.slice(0, filename.lastIndexOf('/')) || '/';
}

function requireStack(module) {
  const stack = [];
  for (let at = module; at !== undefined; at = at.parent) {
    stack.push(at.filename);
  }
  return stack;
}

function notFound(specifier, module) {
  const stack = requireStack(module);
  return codedError(
    'MODULE_NOT_FOUND',
    `Cannot find module '${specifier}'\nRequire stack:\n${stack.map((file) => `- ${file}`).join('\n')}`,
    { requireStack: stack },
  );
}

function checkSpecifier(specifier) {
  if (typeof specifier !== 'string' || specifier === '') {
    const got = specifier === '' ? 'an empty one' : typeof specifier;
    throw Object.assign(
      new TypeError(`require() needs the name of a module as a string, got ${got}`),
      {
        code: 'ERR_INVALID_ARG_TYPE',
      },
    );
  }
}

/** The file behind a specifier; a name of Node's own module stays as it is. */
function resolveFrom(module, specifier, folders) {
  checkSpecifier(specifier);
  if (builtins.isBuiltin(specifier)) {
    return specifier;
  }
  for (const folder of folders ?? [module.path]) {
    const filename = files.resolve(specifier, folder);
    if (filename !== null) {
      return filename;
    }
  }
  builtins.refuseKnown(specifier, module.filename);
  throw notFound(specifier, module);
}

function requireFrom(module, specifier) {
  checkSpecifier(specifier);
  if (builtins.isBuiltin(specifier)) {
    return builtins.load(specifier, module.filename);
  }
  return loadFile(resolveFrom(module, specifier), module);
}

function loadFile(filename, parent) {
  const known = cache[filename];
  if (known !== undefined) {
    if (parent !== undefined && !parent.children.includes(known)) {
      parent.children.push(known);
    }
    return known.exports;
  }
  const module = new Module(filename, parent);
  mainModule ??= module;
  cache[filename] = module;
  parent?.children.push(module);
  let complete = false;
  try {
    runFile(module);
    complete = true;
  } finally {
    if (!complete) {
      forget(module, parent);
    }
  }
  module.loaded = true;
  return module.exports;
}

/** A module that threw is tried again by the next require of it. */
function forget(module, parent) {
  delete cache[module.filename];
  const index = parent === undefined ? -1 : parent.children.indexOf(module);
  if (index >= 0) {
    parent.children.splice(index, 1);
  }
}

function runFile(module) {
  const { filename } = module;
  if (filename.endsWith('.json')) {
    module.exports = parseJson(filename);
  } else if (filename.endsWith('.mjs')) {
    throw codedError(
      'ERR_REQUIRE_ESM',
      `ERR_NOT_SUPPORTED: ${filename} is an ES module, which is not supported; use CommonJS ` +
        '(require and exports, in a .js or .cjs file)',
    );
  } else {
    const run = compile(filename);
    compiled.add(filename);
    Reflect.apply(run, module.exports, [
      module.exports,
      makeRequire(module),
      module,
      filename,
      module.path,
    ]);
  }
}

function compile(filename) {
  try {
    return files.compile(filename);
  } catch (error) {
    throw error instanceof SyntaxError
      ? whereExactly(error, filename)
      : unreadable(error, filename);
  }
}

/** Prefers what the parser says about the file alone, unless that is about a `return` only. */
function whereExactly(error, filename) {
  try {
    files.parse(filename);
  } catch (alone) {
    if (alone instanceof SyntaxError && !/ Invalid return statement\n/.test(alone.message)) {
      return explainSyntaxError(alone, filename, 0);
    }
  }
  return explainSyntaxError(error, filename, files.firstLineOffset());
}

function parseJson(filename) {
  let text;
  try {
    text = files.read(filename);
  } catch (error) {
    throw unreadable(error, filename);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${filename}: ${error.message}`);
  }
}

function unreadable(error, filename) {
  return codedError('ERR_MODULE_UNREADABLE', `cannot read module ${filename}: ${error.message}`);
}

function makeRequire(module) {
  const require = (specifier) => requireFrom(module, specifier);
  require.resolve = (specifier, options) => resolveFrom(module, specifier, options?.paths);
  require.resolve.paths = (specifier) => {
    checkSpecifier(specifier);
    if (builtins.isBuiltin(specifier)) {
      return null;
    }
    return /^\.{0,2}\//.test(specifier) ? [module.path] : [...module.paths];
  };
  require.cache = cache;
  require.main = mainModule;
  return require;
}

/** The exports of the spec's module. */
exports.loadMain = (filename) => loadFile(filename, undefined);

/** Whether `filename` is a module whose first line begins with our wrapper. */
exports.isModuleFile = (filename) => compiled.has(filename) || hasOwn(cache, filename);

exports.firstLineOffset = files.firstLineOffset();
