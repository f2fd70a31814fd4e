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
  '--input-type': '',
  '--network-family-autoselection-attempt-timeout': 250,
  '--no-deprecation': false,
  '--pending-deprecation': false,
  '--stack-trace-limit': 10,
  '--throw-deprecation': false,
  '--trace-deprecation': false,
  '--trace-warnings': false,
  '--unhandled-rejections': 'throw',
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
exports.getEnvOptionsInputType = () => new Map();
