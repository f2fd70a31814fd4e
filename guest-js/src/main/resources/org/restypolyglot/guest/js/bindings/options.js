/** The command line's options, as the library asks for them: Node's defaults, but for what is said. */
'use strict';

const { worker } = host;

const VALUES = {
  '--disable-warning': [],
  '--experimental-async-context-frame': true, // the engine carries frames from promise to promise
  '--experimental-detect-module': true,
  '--experimental-eventsource': false,
  '--experimental-require-module': true,
  '--experimental-websocket': false,
  '--force-context-aware': false,
  '--dns-result-order': '',
  '--network-family-autoselection': true,
  '--input-type': '',
  '--network-family-autoselection-attempt-timeout': 250,
  '--insecure-http-parser': false,
  '--max-http-header-size': 16 * 1024,
  '--no-deprecation': false,
  '--pending-deprecation': false,
  '--stack-trace-limit': 10,
  '--tls-cipher-list': require('node-constants').constants.crypto.defaultCoreCipherList,
  '--tls-keylog': '',
  '--tls-max-v1.2': false,
  '--tls-max-v1.3': false,
  '--tls-min-v1.0': false,
  '--tls-min-v1.1': false,
  '--tls-min-v1.2': false,
  '--tls-min-v1.3': false,
  '--trace-tls': false,
  '--throw-deprecation': false,
  '--trace-deprecation': false,
  '--trace-warnings': false,
  '--unhandled-rejections': 'throw',
  '--use-env-proxy': false,
  '--use-openssl-ca': false,
  '--use-system-ca': false,
  '--warnings': true,
  '--verify-base-objects': false,
};

/** What the options of a Worker's `execArgv` change. */
const BY_OPTION = {
  '--experimental-detect-module': ['--experimental-detect-module', true],
  '--input-type=commonjs': ['--input-type', 'commonjs'],
  '--input-type=module': ['--input-type', 'module'],
  '--no-deprecation': ['--no-deprecation', true],
  '--no-experimental-detect-module': ['--experimental-detect-module', false],
  '--no-warnings': ['--warnings', false],
  '--pending-deprecation': ['--pending-deprecation', true],
  '--throw-deprecation': ['--throw-deprecation', true],
  '--trace-deprecation': ['--trace-deprecation', true],
  '--trace-warnings': ['--trace-warnings', true],
  '--warnings': ['--warnings', true],
};

/** Whether a Worker may have this option. */
exports.isKnown = (option) => Object.hasOwn(BY_OPTION, option);

let values;

function getValues() {
  if (values === undefined) {
    const own = worker === undefined ? '' : worker.execArgv();
    const changes = own
      .split('\0')
      .filter(exports.isKnown)
      .map((option) => BY_OPTION[option]);
    values = { __proto__: null, ...VALUES, ...Object.fromEntries(changes) };
  }
  return values;
}

exports.valueOf = (name) => getValues()[name];
exports.getCLIOptionsValues = () => ({ ...getValues(), __proto__: null });
exports.getCLIOptionsInfo = () => ({ options: new Map(), aliases: new Map() });
exports.getEmbedderOptions = () => ({
  shouldNotRegisterESMLoader: true,
  hasEmbedderPreload: false,
});
exports.envSettings = { kAllowedInEnvvar: 0, kDisallowedInEnvvar: 1 };
exports.types = { kBoolean: 2 };
exports.getEnvOptionsInputType = () => new Map();
