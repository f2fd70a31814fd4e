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
  '--unhandled-rejections': 'throw',
  '--use-env-proxy': false,
  '--warnings': true,
  '--verify-base-objects': false,
};

exports.getCLIOptionsValues = () => ({ __proto__: null, ...VALUES });
exports.getCLIOptionsInfo = () => ({ options: new Map(), aliases: new Map() });
exports.getEmbedderOptions = () => ({
  shouldNotRegisterESMLoader: true,
  hasEmbedderPreload: false,
});
exports.getEnvOptionsInputType = () => new Map();
