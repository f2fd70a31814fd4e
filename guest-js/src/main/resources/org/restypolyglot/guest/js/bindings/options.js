/** The command line's options, as the library asks for them: Node's defaults, but for what is said. */
'use strict';

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
  '--unhandled-rejections': 'throw',
  '--use-env-proxy': false,
  '--use-openssl-ca': false,
  '--use-system-ca': false,
  '--warnings': true,
  '--verify-base-objects': false,
};

exports.getCLIOptionsValues = () => ({ __proto__: null, ...VALUES });
exports.getCLIOptionsInfo = () => ({ options: new Map(), aliases: new Map() });
exports.getEmbedderOptions = () => ({
  shouldNotRegisterESMLoader: true,
  hasEmbedderPreload: false,
});
exports.envSettings = { kAllowedInEnvvar: 0, kDisallowedInEnvvar: 1 };
exports.types = { kBoolean: 2 };
exports.getEnvOptionsInputType = () => new Map();
