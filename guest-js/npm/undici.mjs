/**
 * Of undici, as Node bundles it, what fetch needs: not its own client, whose parser is WebAssembly, and
 * in whose place stands bindings/fetch.js; nor WebSocket and EventSource, which need its sockets.
 */

/** What stays in, with all that it requires. */
const ROOTS = [
  'lib/dispatcher/dispatcher.js',
  'lib/core/request.js',
  'lib/web/fetch/index.js',
];

/** Ours in place of undici's. */
const REPLACED = {
  'lib/dispatcher/agent.js': `var require_agent = () => internalBinding('fetch').agentOf({
  Dispatcher: require_dispatcher(),
  Request: require_request(),
  errors: require_errors(),
  extractBody: require_body().extractBody,
  util: require_util()
});
`,
};

/** Modules of Node's that only a few functions need are loaded there. */
const LATER = [
  ['var { IncomingMessage } = require("node:http");', ''],
  ['constructor === IncomingMessage', 'constructor === require("node:http").IncomingMessage'],
  ['var net = require("node:net");', ''],
  ['net.isIP(', 'require("internal/net").isIP('],
  ['var { STATUS_CODES } = require("node:http");', ''],
  ['statusText: STATUS_CODES[status]', 'statusText: ""'],
  [/var zlib = require\("node:zlib"\);/g, ''],
  [/\bzlib\.(?=create|constants)/g, 'require("node:zlib").'],
  ['var { performance: performance2 } = require("node:perf_hooks");', 'var performance2 = performance;'],
  [
    'var { markAsUncloneable } = require("node:worker_threads");',
    'var { markAsUncloneable } = internalBinding("fetch");',
  ],
  [/var assert = require\("node:assert"\);/g, 'var { assert } = internalBinding("fetch");'],
  [
    /crypto = require\("node:crypto"\);\s+const possibleRelevantHashes = (\[.*?\]);\s+supportedHashes = .*;/,
    'crypto = { createHash: (name) => require("node:crypto").createHash(name) };\n      supportedHashes = $1;',
  ],
  [
    /const crypto = require\("node:crypto"\);\s+random = .*;/,
    'random = internalBinding("fetch").randomInt;',
  ],
];

/** The exports: each is made when it is first asked for. */
const EXPORTS = `
// index-fetch.js, lazily
var fetchImpl;
module.exports.fetch = /* @__PURE__ */ __name(function fetch(resource, init = void 0) {
  fetchImpl ??= require_fetch().fetch;
  return fetchImpl(resource, init).catch((err) => {
    if (err && typeof err === "object") {
      Error.captureStackTrace(err);
    }
    throw err;
  });
}, "fetch");
for (const [name, get] of Object.entries({
  FormData: () => require_formdata().FormData,
  Headers: () => require_headers().Headers,
  Response: () => (require_fetch(), require_response().Response),
  Request: () => (require_fetch(), require_request2().Request),
  getGlobalDispatcher: () => require_global2().getGlobalDispatcher,
  setGlobalDispatcher: () => require_global2().setGlobalDispatcher
})) {
  Object.defineProperty(module.exports, name, { get, enumerable: true });
}
`;

/** @param {string} text undici as Node bundles it @returns {string} what fetch needs of it */
export function fetchPart(text) {
  const [head, ...rest] = text.split(/^\/\/ (?=lib\/|index-fetch)/m);
  const sections = new Map(rest.map((part) => [part.slice(0, part.indexOf('\n')), `// ${part}`]));
  for (const [name, instead] of Object.entries(REPLACED)) {
    if (!sections.has(name)) {
      throw new Error(`undici has no ${name} any more: look at undici.mjs`);
    }
    sections.set(name, instead);
  }
  const bundle = [head, ...keep(sections), EXPORTS, licences(text)].join('');
  return later(bundle).replaceAll(/require\("node:/g, 'require("');
}

/** The roots' sections and those that they require, in the order of the file. */
function keep(sections) {
  const ids = new Map();
  for (const [name, text] of sections) {
    ids.set(/^var (require_\w+)/m.exec(text)?.[1], name);
  }
  const kept = new Set();
  const visit = (name) => {
    if (name !== undefined && !kept.has(name)) {
      kept.add(name);
      for (const [id] of sections.get(name).matchAll(/\brequire_\w+(?=\(\))/g)) {
        visit(ids.get(id));
      }
    }
  };
  ROOTS.forEach(visit);
  return [...sections].filter(([name]) => kept.has(name)).map(([, text]) => text);
}

function later(bundle) {
  let text = bundle;
  for (const [from, to] of LATER) {
    const changed = text.replace(from, to);
    if (changed === text) {
      throw new Error(`undici has no ${from} any more: look at undici.mjs`);
    }
    text = changed;
  }
  return text;
}

const licences = (text) => (text.match(/^\/\*! .* \*\/$/gm) ?? []).join('\n');
