/** CommonJS: `require`, `module` and the cache of this context. Java finds and parses the files. */
'use strict';

const { modules: files } = host;
const { beforeImport } = require('intrinsics');
const { codedError } = require('failures');
const builtins = require('builtins');
const { explainSyntaxError, isAboutModules } = require('syntax');
const { checked } = require('module-errors');

/** `require.cache`: by file name. */
const cache = Object.create(null);

/** All files that were compiled here, also those that threw. */
const compiled = new Set();

/** The function of the spec's module, between looking at it and running it. */
const compiledEarly = new Map();

/** The modules of `cache` that are ES modules. */
const esModules = new WeakSet();

/** What a specifier was found to mean, by the folder and itself. */
const known = new Map();

let mainModule;

files.useBuiltins(builtins.isBuiltin);

// The first `import()` in a script.
files.offerLoader();
beforeImport(() => void require('esm'));

/** `require.extensions`: how files are loaded; users may add to it. */
const extensions = {
  __proto__: null,
  '.js': runScript,
  '.json': (module, filename) => {
    module.exports = parseJson(filename);
  },
  '.node': (module, filename) => {
    throw codedError(
      'ERR_NOT_SUPPORTED',
      `ERR_NOT_SUPPORTED: ${filename} is a native add-on, which is not supported`,
    );
  },
};

class Module {
  constructor(id = '', parent = undefined) {
    this.id = id;
    this.path = folderOf(id);
    this.exports = {};
    this.filename = null;
    this.loaded = false;
    this.children = [];
    this.paths = [];
    Object.defineProperty(this, 'parent', { value: parent, writable: true, configurable: true });
    parent?.children?.push(this);
  }

  require(specifier) {
    checkSpecifier(specifier);
    return Module._load(specifier, this, false);
  }

  load(filename) {
    this.filename = filename;
    this.paths = Module._nodeModulePaths(folderOf(filename));
    loadInto(this, filename);
  }

  /** Runs a text as this module's. */
  _compile(text, filename) {
    requireText(text, 'content');
    requireText(filename, 'filename');
    if (filename.includes('\0')) {
      throw codedError('ERR_INVALID_ARG_VALUE', `no name of a file: ${JSON.stringify(filename)}`);
    }
    compiled.add(filename);
    run(this, files.compileText(text, filename), filename);
  }
}

const ownCompile = Module.prototype._compile;

/** The library says what is wrong; it is not loaded for what is right. */
function requireText(value, name) {
  if (typeof value !== 'string') {
    require('node').requireNode('internal/validators').validateString(value, name);
  }
}

/** Node's `module.paths` of a file in `folder`. */
function nodeModules(folder) {
  requireText(folder, 'paths[0]');
  return [...files.nodeModules(folder)];
}

function folderOf(filename) {
  const end = filename.lastIndexOf('/');
  return end < 0 ? '.' : filename.slice(0, end) || '/';
}

function newModule(filename, parent) {
  const module = new Module(filename, parent);
  module.filename = filename;
  module.paths = Module._nodeModulePaths(module.path);
  return module;
}

function requireStack(module) {
  const stack = [];
  for (let at = module; at; at = at.parent) {
    stack.push(at.filename ?? at.id);
  }
  return stack;
}

function notFound(specifier, module) {
  const stack = requireStack(module);
  const text = stack.length === 0 ? '' : `\nRequire stack:\n- ${stack.join('\n- ')}`;
  return codedError('MODULE_NOT_FOUND', `Cannot find module '${specifier}'${text}`, {
    requireStack: stack,
  });
}

function checkSpecifier(specifier) {
  requireText(specifier, 'id');
  if (specifier === '') {
    throw Object.assign(
      new TypeError("The argument 'id' must be a non-empty string. Received ''"),
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  }
}

/** Without a regular expression: a context's first one costs much. */
const isRelative = (specifier) =>
  specifier === '.' ||
  specifier === '..' ||
  specifier.startsWith('./') ||
  specifier.startsWith('../');

/** Where bare names are looked for at last; `_initPaths` reads NODE_PATH again. */
let globalPaths = [...files.globalPaths()];

/** Node's `require.resolve.paths`. */
function lookupPaths(specifier, { path, paths }) {
  return isRelative(specifier) ? [path] : [...paths, ...globalPaths];
}

/** The folders of `require.resolve(specifier, { paths })`. */
function pathsOf(specifier, folders) {
  if (!Array.isArray(folders)) {
    throw Object.assign(
      new TypeError(`The property 'options.paths' is invalid. Received ${String(folders)}`),
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  }
  folders.forEach((folder) => requireText(folder, 'paths[0]'));
  return isRelative(specifier)
    ? folders
    : folders.flatMap((folder) => [...nodeModules(folder), ...globalPaths]);
}

/** The file behind a specifier; a name of Node's own module stays as it is. */
function resolveFrom(module, specifier, options) {
  if (builtins.isBuiltin(specifier)) {
    return specifier;
  }
  const paths =
    options?.paths === undefined
      ? lookupPaths(specifier, module)
      : pathsOf(specifier, options.paths);
  const found = checked(files.resolve(specifier, module.filename, paths.join('\0')));
  if (found === null) {
    throw notFound(specifier, module);
  }
  return found;
}

/** `require`; users may replace it, and `_resolveFilename`. */
Module._load = (specifier, parent) => {
  const key = `${parent?.path}\0${specifier}`;
  const before = known.get(key);
  if (before !== undefined && cache[before]?.loaded === true) {
    return adopt(cache[before], parent).exports;
  }
  if (specifier.startsWith('node:')) {
    return builtins.load(specifier, parent?.filename);
  }
  const found = Module._resolveFilename(specifier, parent, false);
  if (builtins.isBuiltin(found)) {
    return cache[found] === undefined ? builtins.load(found, parent?.filename) : cache[found].exports;
  }
  known.set(key, found);
  return loadFile(found, parent);
};

Module._resolveFilename = (specifier, parent, isMain, options) =>
  resolveFrom(parent ?? new Module(), specifier, options);

Module._nodeModulePaths = nodeModules;
Module._resolveLookupPaths = (specifier, parent) => lookupPaths(specifier, parent ?? new Module());
Module._initPaths = () => {
  const own = require('process').process.env.NODE_PATH?.split(':').filter((path) => path !== '') ?? [];
  globalPaths = [...new Set([...own, ...files.globalPaths()])];
  Module.globalPaths = [...globalPaths];
  known.clear();
};
Module._cache = cache;
Module._extensions = extensions;

function adopt(child, parent) {
  if (parent?.children && !parent.children.includes(child)) {
    parent.children.push(child);
  }
  return child;
}

/** Whether there was ever a module that was required while it ran. */
let circular = false;

function earlyExports(module) {
  circular = true;
  return require('circular').early(module);
}

function loadFile(filename, parent) {
  const there = cache[filename];
  if (there !== undefined) {
    adopt(there, parent);
    if (there.loaded) {
      return there.exports;
    }
    return esModules.has(there)
      ? require('esm').requireFile(filename, parent?.filename) // says that this is a cycle
      : earlyExports(there);
  }
  const module = newModule(filename, parent);
  if (parent === null) {
    mainModule = module;
    module.id = '.';
  }
  cache[filename] = module;
  let complete = false;
  try {
    loadInto(module, filename);
    complete = true;
  } finally {
    if (!complete) {
      forget(module, parent);
    } else if (circular) {
      require('circular').complete(module);
    }
  }
  return module.exports;
}

function loadInto(module, filename) {
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  let load = extensions['.js'];
  for (let dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (extensions[name.slice(dot)] !== undefined) {
      load = extensions[name.slice(dot)];
      break;
    }
  }
  load(module, filename);
  module.loaded = true;
}

/** A module that threw is tried again by the next require of it. */
function forget(module, parent) {
  delete cache[module.filename];
  const index = parent?.children?.indexOf(module) ?? -1;
  if (index >= 0) {
    parent.children.splice(index, 1);
  }
}

function formatOf(filename) {
  if (filename.endsWith('.mjs')) {
    return 'module';
  }
  if (filename.endsWith('.cjs')) {
    return 'commonjs';
  }
  return filename.endsWith('.js') ? checked(files.packageType(filename)) : 'none';
}

function runScript(module, filename) {
  if (module._compile !== ownCompile && formatOf(filename) !== 'module') {
    module._compile(textOf(filename), filename); // a user's, which changes the text
    return;
  }
  const code = compile(filename);
  if (code === undefined) {
    esModules.add(module);
    module.exports = require('esm').requireFile(filename, module.parent?.filename);
    return;
  }
  compiled.add(filename);
  run(module, code, filename);
}

function run(module, code, filename) {
  Reflect.apply(code, module.exports, [
    module.exports,
    makeRequire(module),
    module,
    filename,
    folderOf(filename),
  ]);
}

/** The function that runs a CommonJS file; undefined for an ES module. */
function compile(filename) {
  const format = formatOf(filename);
  if (format === 'module') {
    return undefined;
  }
  try {
    const code = compiledEarly.get(filename) ?? files.compile(filename);
    compiledEarly.delete(filename);
    return code;
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw unreadable(error, filename);
    }
    const problem = format === 'none' ? require('esm').problemOf(filename) : error;
    if (problem === undefined) {
      return undefined;
    }
    throw format === 'none' && isAboutModules(error) ? problem : whereExactly(error, filename);
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

function textOf(filename) {
  try {
    return files.read(filename);
  } catch (error) {
    throw unreadable(error, filename);
  }
}

function parseJson(filename) {
  const text = textOf(filename);
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
  const require = (specifier) => module.require(specifier);
  require.resolve = (specifier, options) => {
    requireText(specifier, 'request');
    return Module._resolveFilename(specifier, module, false, options);
  };
  require.resolve.paths = (specifier) => {
    requireText(specifier, 'request');
    return builtins.isBuiltin(specifier) ? null : lookupPaths(specifier, module);
  };
  require.cache = cache;
  require.extensions = extensions;
  require.main = mainModule;
  return require;
}

/** The spec's module: its `exports`, or for an ES module what is `pending`: a promise of them. */
exports.loadMain = (filename) => {
  if (!filename.endsWith('.json') && !filename.endsWith('.node')) {
    const code = compile(filename);
    if (code === undefined) {
      return { pending: require('esm').importMain(filename) };
    }
    compiledEarly.set(filename, code);
  }
  return { exports: loadFile(filename, null) };
};

/** The file of a Worker's module, which may have no ending. */
exports.resolveMain = (filename) => {
  const found = checked(files.resolve(filename, null, ''));
  if (found === null) {
    throw notFound(filename, new Module());
  }
  return found;
};

/** The exports of a file that an ES module imports. */
exports.loadImported = (filename) => loadFile(filename, undefined);

/** What `require(specifier)` means in a file. */
exports.resolveIn = (filename, specifier) =>
  resolveFrom(cache[filename] ?? newModule(filename, undefined), specifier);

/** Whether `filename` is a module whose first line begins with our wrapper. */
exports.isModuleFile = (filename) => compiled.has(filename);

/** The `require` of a file that need not be there. */
exports.requireOf = (filename) => makeRequire(newModule(filename, undefined));

exports.Module = Module;

exports.firstLineOffset = files.firstLineOffset();
