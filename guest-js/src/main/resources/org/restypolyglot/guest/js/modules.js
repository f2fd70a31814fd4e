/** CommonJS: `require`, `module` and the cache of this context. Java finds and parses the files. */
'use strict';

const { modules: files } = host;
const { codedError } = require('failures');
const builtins = require('builtins');
const { explainSyntaxError } = require('syntax');
const { checked } = require('module-errors');

const { hasOwn } = Object;

/** `require.cache`: by file name. */
const cache = Object.create(null);

/** All files that were compiled here, also those that threw. */
const compiled = new Set();

/** What a specifier was found to mean, by the folder and itself. */
const known = new Map();

let mainModule;

files.useBuiltins(builtins.isBuiltin);

/** `require.extensions`: how files are loaded; users may add to it. */
const extensions = Object.assign(Object.create(null), {
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
});

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
    return requireFrom(this, specifier);
  }

  /** Runs a text as this module's. */
  _compile(text, filename) {
    compiled.add(filename);
    run(this, files.compileText(text, filename), filename);
  }
}

function folderOf(filename) {
  return filename.slice(0, filename.lastIndexOf('/')) || '/';
}

function newModule(filename, parent) {
  const module = new Module(filename, parent);
  module.filename = filename;
  module.paths = Array.from(files.nodeModules(module.path));
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
  if (typeof specifier !== 'string') {
    throw Object.assign(
      new TypeError(
        `The "id" argument must be of type string. Received type ${typeof specifier}`,
      ),
      { code: 'ERR_INVALID_ARG_TYPE' },
    );
  }
  if (specifier === '') {
    throw Object.assign(
      new TypeError("The argument 'id' must be a non-empty string. Received ''"),
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  }
}

const isRelative = (specifier) => /^\.\.?(\/|$)/.test(specifier);

/** Node's `require.resolve.paths`. */
function lookupPaths(specifier, { path, paths }) {
  return isRelative(specifier) ? [path] : [...paths, ...files.globalPaths()];
}

/** The folders of `require.resolve(specifier, { paths })`. */
function pathsOf(specifier, folders) {
  if (!Array.isArray(folders)) {
    throw Object.assign(new TypeError("The property 'options.paths' must be an array"), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  }
  return isRelative(specifier)
    ? folders
    : folders.flatMap((folder) => [...files.nodeModules(folder), ...files.globalPaths()]);
}

/** The file behind a specifier; a name of Node's own module stays as it is. */
function resolveFrom(module, specifier, options) {
  checkSpecifier(specifier);
  if (builtins.isBuiltin(specifier)) {
    return specifier;
  }
  const paths =
    options?.paths === undefined
      ? lookupPaths(specifier, module)
      : pathsOf(specifier, options.paths);
  const found = checked(files.resolve(specifier, module.filename, paths.join('\0')));
  if (found === null) {
    builtins.refuseKnown(specifier, module.filename);
    throw notFound(specifier, module);
  }
  return found;
}

function requireFrom(module, specifier) {
  const key = `${module.path}\0${specifier}`;
  const before = known.get(key);
  if (before !== undefined && cache[before]?.loaded) {
    return adopt(cache[before], module).exports;
  }
  checkSpecifier(specifier);
  const found = resolveFrom(module, specifier);
  if (builtins.isBuiltin(found)) {
    return hasOwn(cache, found) && !found.startsWith('node:')
      ? cache[found].exports
      : builtins.load(found, module.filename);
  }
  known.set(key, found);
  return loadFile(found, module);
}

function adopt(child, parent) {
  if (parent?.children && !parent.children.includes(child)) {
    parent.children.push(child);
  }
  return child;
}

function loadFile(filename, parent) {
  const there = cache[filename];
  if (there !== undefined) {
    return adopt(there, parent).exports;
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
  if (formatOf(filename) === 'module') {
    throw codedError(
      'ERR_REQUIRE_ESM',
      `ERR_NOT_SUPPORTED: ${filename} is an ES module, which is not supported; use CommonJS ` +
        '(require and exports, in a .js or .cjs file)',
    );
  }
  const code = compile(filename);
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
  require.resolve = (specifier, options) => resolveFrom(module, specifier, options);
  require.resolve.paths = (specifier) => {
    checkSpecifier(specifier);
    return builtins.isBuiltin(specifier) ? null : lookupPaths(specifier, module);
  };
  require.cache = cache;
  require.extensions = extensions;
  require.main = mainModule;
  return require;
}

/** The exports of the spec's module. */
exports.loadMain = (filename) => loadFile(filename, null);

/** Whether `filename` is a module whose first line begins with our wrapper. */
exports.isModuleFile = (filename) => compiled.has(filename) || hasOwn(cache, filename);

exports.firstLineOffset = files.firstLineOffset();
