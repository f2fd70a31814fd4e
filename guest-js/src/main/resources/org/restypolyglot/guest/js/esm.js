/**
 * ES modules: what the engine's loader, which is Java's, asks of JavaScript, and the way to it.
 *
 * The loader calls the functions of `hooks`, and adds its own to them: `start`, `requireModule`,
 * `facade`, `resolve`, `problemOf`.
 */
'use strict';

const { modules: files } = host;
const { connectModules } = require('intrinsics');
const builtins = require('builtins');
const { explainSyntaxError } = require('syntax');
const { attempt } = require('failures');

const { hasOwn } = Object;
const BETWEEN = '\0';
const COMMONJS_GLOBAL = /^(exports|module|require|__filename|__dirname) is not defined$/;

/** The URL of the spec's module, if it is an ES module. */
let mainUrl;

/** The names that a CommonJS file exports, by file. */
const exportNames = new Map();

function namesOf(filename) {
  const known = exportNames.get(filename);
  if (known !== undefined) {
    return known;
  }
  const names = new Set();
  exportNames.set(filename, names); // before its reexports, for cycles
  const { exports: own, reexports } = lex(filename);
  own.forEach((name) => names.add(name));
  for (const specifier of reexports) {
    const file = attempt(() => require('modules').resolveIn(filename, specifier), undefined);
    if (file !== undefined && !builtins.isBuiltin(file) && /(\.c?js|\/[^./]+)$/.test(file)) {
      namesOf(file).forEach((name) => names.add(name));
    }
  }
  return names;
}

function lex(filename) {
  const { init, initSync, parse } = require('packages/cjs-module-lexer');
  (initSync ?? init)();
  return attempt(() => parse(files.read(filename)), { exports: [], reexports: [] });
}

/** Says of `require is not defined` and its like that this is no CommonJS, and why. */
function explainScope(error, url) {
  const name = error instanceof ReferenceError && COMMONJS_GLOBAL.exec(error.message)?.[1];
  if (!name) {
    return error;
  }
  error.message += ` in ES module scope${name === 'require' ? ', you can use import instead' : ''}`;
  const filename = url.startsWith('file:') ? files.pathOfUrl(url) : '';
  if (filename.endsWith('.js') && files.packageType(filename) === 'module') {
    error.message +=
      "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
      `'${files.packageOfFile(filename)}' contains "type": "module". To treat it as a CommonJS ` +
      "script, rename it to use the '.cjs' file extension.";
  }
  return error;
}

const hooks = {
  /** `import()`: a promise of the namespace. The module runs later, as in Node. */
  async importing(specifier, importer, attributes) {
    await undefined;
    const [done, namespace] = hooks.start(specifier, importer, attributes);
    try {
      await done;
    } catch (error) {
      throw explainScope(error, hooks.resolve(specifier, importer));
    }
    return namespace;
  },

  meta(meta, url, filename) {
    if (filename !== undefined) {
      meta.dirname = filename.slice(0, filename.lastIndexOf('/')) || '/';
      meta.filename = filename;
    }
    meta.main = url === mainUrl;
    meta.resolve = (specifier) => hooks.resolve(`${specifier}`, filename ?? url);
    meta.url = url;
  },

  commonJs: (filename) => require('modules').loadImported(filename),
  commonJsNames: (filename) => [...namesOf(filename)].join(BETWEEN),

  json: (filename) => require('modules').loadImported(filename),
  parseJson: JSON.parse,

  builtin: (name) => builtins.load(name),
  builtinNames: (name, importer) => Object.keys(builtins.load(name, importer)).join(BETWEEN),

  member: (exported, name) =>
    attempt(() => (hasOwn(Object(exported), name) ? exported[name] : undefined), undefined),

  explain: (error, filename) =>
    error instanceof SyntaxError ? explainSyntaxError(error, filename, 0) : error,
};

connectModules(hooks);

const urlOf = (filename) =>
  hooks.resolve(`file://${encodeURI(filename).replace(/[?#]/g, encodeURIComponent)}`, filename);

/** A promise of the namespace of the spec's module. */
exports.importMain = (filename) => {
  mainUrl = urlOf(filename);
  return hooks.importing(mainUrl, filename, '');
};

/** The same for a module at any URL. */
exports.importUrl = (url) => {
  mainUrl = url;
  return hooks.importing(url, '/', '');
};

/** What `require` gives for an ES module. */
exports.requireFile = (filename, requirer) => {
  let namespace;
  try {
    namespace = hooks.requireModule(filename, requirer);
  } catch (error) {
    throw explainScope(error, urlOf(filename));
  }
  if (hasOwn(namespace, 'module.exports')) {
    return namespace['module.exports'];
  }
  return hasOwn(namespace, 'default') && !hasOwn(namespace, '__esModule')
    ? hooks.facade(filename)
    : namespace;
};

/** Why a file is no ES module, undefined if it is one. */
exports.problemOf = hooks.problemOf;

/** The URL that a specifier means to `import` in a file. */
exports.resolve = (specifier, importer) => hooks.resolve(specifier, importer);
