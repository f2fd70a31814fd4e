/**
 * Makes the JavaScript of others that guest-js carries: bundle.mjs FOLDER
 *
 * FOLDER/org/restypolyglot/guest/js/node/ID.js: modules of Node's own library, as its binary has them
 * FOLDER/org/restypolyglot/guest/js/node-constants.js, node-facts.js: numbers and names of its native layer
 * FOLDER/org/restypolyglot/guest/js/packages/NAME.js: packages, one CommonJS file each
 * FOLDER/META-INF/JAVASCRIPT-LICENSES.txt: the licences of both
 *
 * It runs on the Node that it takes the library from (see build).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { fetchPart } from './undici.mjs';

/** The public modules whose code we use; what they require comes along. */
const NODE_MODULES = [
  '_stream_duplex _stream_passthrough _stream_readable _stream_transform _stream_writable _stream_wrap',
  'assert assert/strict async_hooks buffer constants crypto diagnostics_channel dns dns/promises events',
  'fs fs/promises http http2 https internal/console/constructor internal/deps/undici/undici',
  'internal/process/finalization internal/process/per_thread internal/tty net os path path/posix path/win32',
  'perf_hooks punycode querystring readline readline/promises stream stream/consumers stream/promises',
  'stream/web string_decoder timers timers/promises tls url util util/types worker_threads zlib',
].flatMap((line) => line.split(' '));

/** What stays out: the guest has its own in place of these, or nothing. */
const OMITTED = [
  /^(child_process|cluster|dgram|inspector|module|process|repl|tty|v8|vm|wasi)$/,
  /^internal\/(bootstrap|debugger|main|modules|policy|process\/pre_execution|process\/execution|process\/permission|repl|source_map|test|test_runner|vm)(\/|$)/,
  /^internal\/(child_process|cluster|cli_table_dummy|dgram|heap_utils|inspector_async_hook|trace_events_async_hooks|vm|v8|wasm_web_api|watchdog|promise_hooks|async_local_storage\/async_hooks)(\/|$)/,
];

/** Each package's entry. */
const PACKAGES = {
  'cjs-module-lexer': 'cjs-module-lexer/lexer.js',
  'whatwg-url': 'whatwg-url/lib/url-state-machine.js',
};

/** The bundler, and what is installed with whatwg-url; tr46.js here is what is used. */
const NOT_BUNDLED = /^node_modules\/(@esbuild\/|(tr46|punycode|webidl-conversions)$)/;

const PRIMORDIALS = 'internal/per_context/primordials';

const here = import.meta.dirname;
const installed = join(here, 'node_modules');
const esbuild = join(installed, `@esbuild/linux-${process.arch}/bin/esbuild`);
const target = process.argv[2];
const resources = join(target, 'org/restypolyglot/guest/js');

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Node's library: id to text. The binary holds the sources of its JavaScript. */
function library() {
  const natives = process.binding('natives');
  const found = new Map();
  const visit = (id) => {
    if (found.has(id) || !Object.hasOwn(natives, id) || OMITTED.some((rule) => rule.test(id))) {
      return;
    }
    found.set(id, natives[id]);
    for (const [, required] of natives[id].matchAll(
      /(?:\brequire\(|^ {2})'([\w/-]+)'(?:\)|,$)/gm,
    )) {
      visit(required);
    }
  };
  [PRIMORDIALS, 'internal/per_context/domexception', ...NODE_MODULES].forEach(visit);
  return found;
}

/** What is taken out of a module, from one text to another, and what comes in its place. */
const CHANGES = {
  // All built-in functions are copied there; primordials.js makes them on demand.
  [PRIMORDIALS]: {
    from: '// Create copies of configurable value properties of the global object',
    to: '/* eslint-enable node-core/prefer-primordials */',
    instead: '',
  },
  // There are Buffers before the library is loaded: see fast-buffer.js.
  'internal/buffer': {
    from: 'class FastBuffer extends Uint8Array {}',
    to: '\n',
    instead: "const { FastBuffer } = internalBinding('buffer');",
  },
  // In Node a line is always known.
  'internal/errors/error_source': {
    from: '  const { sourceLine, startColumn } = loc;',
    to: '\n',
    instead:
      '  const { sourceLine, startColumn } = loc;\n  if (sourceLine === undefined) return undefined;',
  },
  // Only for --tls-keylog, which is not set here.
  'internal/tls/wrap': {
    from: "const { appendFile } = require('fs');",
    to: '\n',
    instead: "const appendFile = (...args) => require('fs').appendFile(...args);",
  },
  // It takes MessageEvent from undici, which is large.
  'internal/worker/io': {
    from: "require('internal/deps/undici/undici')",
    to: '.createFastMessageEvent',
    instead: "require('internal/message_event')",
  },
  // The console of a Worker writes to the log, unless somebody wants to read its streams.
  'internal/worker': {
    from: 'hasStdin: !!options.stdin,',
    to: '\n',
    instead:
      'hasStdin: !!options.stdin, hasStdout: !!options.stdout, hasStderr: !!options.stderr,',
  },
  // The globals when it is loaded: in Node only V8's own, here also URL, Buffer and so on.
  'internal/util/inspect': {
    from: 'ArrayPrototypeFilter(\n    ObjectGetOwnPropertyNames(globalThis),',
    to: '\n);\n',
    instead: "internalBinding('util').builtInObjects,",
  },
  'internal/deps/undici/undici': fetchPart,
};

function copyLibrary() {
  for (const [id, text] of library()) {
    write(
      join(resources, 'node', `${id}.js`),
      Object.hasOwn(CHANGES, id) ? changed(id, text) : text,
    );
  }
}

function changed(id, text) {
  if (typeof CHANGES[id] === 'function') {
    return CHANGES[id](text);
  }
  const { from, to, instead } = CHANGES[id];
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start < 0 || end < 0) {
    throw new Error(`${id}.js of Node is not what it was: look at CHANGES in bundle.mjs`);
  }
  return text.slice(0, start) + instead + text.slice(end);
}

/** Tables of numbers that the library reads from the native layer, for the Linux that it is built on. */
function writeConstants() {
  const { internalBinding } = createRequire(import.meta.url)('internal/test/binding');
  const tables = {
    asyncWrap: pick(internalBinding('async_wrap'), ['constants', 'Providers']),
    constants: internalBinding('constants'),
    cryptoConstants: numbersOf(internalBinding('crypto')),
    encodings: internalBinding('string_decoder').encodings,
    http2: http2Tables(internalBinding('http2')),
    exitCodes: internalBinding('errors').exitCodes,
    performance: internalBinding('performance').constants,
    promiseRejectEvents: internalBinding('task_queue').promiseRejectEvents,
    statusCodes: STATUS_CODES,
    util: internalBinding('util').constants,
    uv: [...internalBinding('uv').getErrorMap()],
  };
  const bufferMembers = Object.getOwnPropertyNames(Buffer.prototype).filter(
    (name) => name !== 'constructor',
  );
  writeModule('node-facts', {
    version: process.versions.node,
    modulesVersion: process.versions.modules,
    opensslVersion: process.versions.openssl,
    bufferMembers,
    builtInObjects: runInNewContext('Object.getOwnPropertyNames(globalThis)').filter((name) =>
      /^[A-Z][a-zA-Z0-9]+$/.test(name),
    ),
    library: [...library().keys()],
  });
  writeModule('node-constants', tables);
}

/** The constants of http2, which of them are not shown, and the texts of nghttp2's errors. */
function http2Tables(http2) {
  const { constants, nameForErrorCode } = http2;
  const names = Object.getOwnPropertyNames(constants);
  const codes = Array.from({ length: 1000 }, (_, i) => -i);
  const texts = codes.map((code) => [code, http2.nghttp2ErrorString(code)]);
  return {
    constants: Object.fromEntries(names.map((name) => [name, constants[name]])),
    hidden: names.filter((name) => !Object.keys(constants).includes(name)),
    nameForErrorCode,
    errorStrings: Object.fromEntries(texts.filter(([, text]) => text !== 'Unknown error code')),
    fields: Object.fromEntries(Object.entries(http2).filter(([name]) => /^k[A-Z]/.test(name))),
  };
}

/** What JSON has no word for. */
const INFINITY = 'the number Infinity';

function writeModule(name, value) {
  const text = JSON.stringify(value, (key, item) => (item === Infinity ? INFINITY : item), 1).replaceAll(
    `"${INFINITY}"`,
    'Infinity',
  );
  write(join(resources, `${name}.js`), `'use strict';\n\nmodule.exports = ${text};\n`);
}

const numbersOf = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => typeof value === 'number'));

const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));

function bundlePackages() {
  for (const [name, entry] of Object.entries(PACKAGES)) {
    execFileSync(
      esbuild,
      [
        join(installed, entry),
        '--bundle',
        '--platform=neutral',
        '--main-fields=main',
        '--format=cjs',
        '--alias:tr46=./tr46.js',
        '--log-level=error',
        '--legal-comments=none',
        '--charset=utf8',
        '--minify-whitespace',
        `--outfile=${join(resources, 'packages', `${name}.js`)}`,
      ],
      { cwd: here },
    );
  }
}

/** The licences of all packages whose code is in the jar. */
function licences() {
  const lock = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));
  const parts = Object.entries(lock.packages)
    .filter(([folder]) => folder !== '' && !NOT_BUNDLED.test(folder))
    .filter(([folder]) => existsSync(join(here, folder))) // not what is for other machines
    .map(([folder, { version, license }]) => {
      const name = folder.slice('node_modules/'.length);
      const file = readdirSync(join(here, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) {
        throw new Error(`${name} ${version} (${license}) has no file with its licence`);
      }
      const what = name.startsWith('node-linux-') ? "Node.js's own JavaScript library" : name;
      return {
        head: `${what} ${version}: ${license}`,
        text: readFileSync(join(here, folder, file), 'utf8'),
      };
    });
  const rule = `\n${'-'.repeat(80)}\n`;
  return [
    'JavaScript of others in resty-polyglot-guest-js (folders node and packages of the jar).\n',
    ...parts.map(({ head }) => `${head}\n`),
    ...parts.map(({ head, text }) => `${rule}${head}\n\n${text.trim()}\n`),
  ].join('');
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
copyLibrary();
writeConstants();
bundlePackages();
write(join(target, 'META-INF/JAVASCRIPT-LICENSES.txt'), licences());
