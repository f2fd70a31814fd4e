/** What Node's http2 library and the layer under it share: typed arrays of numbers, and callbacks. */
'use strict';

const turns = require('turns');

const SETTINGS = 7;
const MAX_CUSTOM = 10;
const FLAGS = 13;
const MEGABYTE = 1e6;

/** Settings by their place in the buffer: HTTP/2's id, the default, the limit where it is none. */
const IDS = [1, 2, 4, 5, 3, 6, 8];
const DEFAULTS = [4096, 1, 65535, 16384, 0xffffffff, 65535, 0];

const settingsBuffer = new Uint32Array(SETTINGS + 2 + 2 * MAX_CUSTOM);
const optionsBuffer = new Uint32Array(FLAGS + 1);

/** The settings that the library has put into the buffer: pairs of id and value, as Node sends them. */
exports.takeSettings = () => {
  const entries = [];
  for (let i = 0; i < SETTINGS; i++) {
    if (settingsBuffer[SETTINGS] & (1 << i)) {
      entries.push([IDS[i], settingsBuffer[i]]);
    }
  }
  entries.sort(([a], [b]) => a - b);
  return [...entries, ...customSettings()];
};

function customSettings() {
  const entries = [];
  for (let i = 0; i < settingsBuffer[SETTINGS + 1]; i++) {
    const at = SETTINGS + 2 + 2 * i;
    entries.push([settingsBuffer[at], settingsBuffer[at + 1]]);
  }
  return entries;
}

/** The ids of the other side's settings that the library wants to see besides those it knows. */
exports.takeCustomIds = () => customSettings().map(([id]) => id);

/** What is in effect on one side before it has said anything. */
exports.initialSettings = (maxStreams) =>
  new Map(IDS.map((id, i) => [id, id === 3 ? maxStreams : id === 6 ? 0xffffffff : DEFAULTS[i]]));

/** Shows the library the settings of a side: a Map of values by id. */
exports.showSettings = (settings, customIds) => {
  IDS.forEach((id, i) => {
    settingsBuffer[i] = settings.get(id);
  });
  const custom = customIds.filter((id) => settings.has(id)).slice(0, MAX_CUSTOM);
  settingsBuffer[SETTINGS + 1] = custom.length;
  custom.forEach((id, i) => {
    settingsBuffer[SETTINGS + 2 + 2 * i] = id;
    settingsBuffer[SETTINGS + 3 + 2 * i] = settings.get(id);
  });
};

exports.isKnownSetting = (id) => IDS.includes(id);

exports.refreshDefaultSettings = () => {
  settingsBuffer.set(DEFAULTS);
  settingsBuffer[SETTINGS] = (1 << SETTINGS) - 1;
  settingsBuffer[SETTINGS + 1] = 0;
};

/** The options of a session by their place in the buffer, with what holds where they are not set. */
const OPTIONS = {
  maxDeflateDynamicTableSize: [0, 4096],
  maxReservedRemoteStreams: [1, 200],
  maxSendHeaderBlockLength: [2, 65536],
  peerMaxConcurrentStreams: [3, 100],
  paddingStrategy: [4, 0],
  maxHeaderListPairs: [5, 128],
  maxOutstandingPings: [6, 10],
  maxOutstandingSettings: [7, 10],
  maxSessionMemory: [8, 10],
  maxSettings: [9, 32],
};

exports.takeOptions = () => {
  const options = {};
  for (const [name, [at, otherwise]] of Object.entries(OPTIONS)) {
    options[name] = optionsBuffer[FLAGS] & (1 << at) ? optionsBuffer[at] : otherwise;
  }
  options.maxSessionMemory *= MEGABYTE;
  options.maxHeaderListPairs = Math.max(options.maxHeaderListPairs, 1);
  return options;
};

/** Those that Java looks at, in the order of its Http2Limits. */
exports.limits = (options) =>
  [
    options.peerMaxConcurrentStreams,
    options.maxReservedRemoteStreams,
    options.maxHeaderListPairs,
    options.maxSendHeaderBlockLength,
    options.maxDeflateDynamicTableSize,
    options.maxSettings,
    options.maxSessionMemory,
    options.paddingStrategy,
  ].join(',');

exports.settingsBuffer = settingsBuffer;
exports.optionsBuffer = optionsBuffer;
exports.sessionState = new Float64Array(9);
exports.streamState = new Float64Array(6);

/** The library's functions that are called with a session's or a stream's handle as `this`. */
exports.callbacks = {};

exports.setCallbackFunctions = (...functions) => {
  const names = [
    'onSessionInternalError onPriority onSettings onPing onSessionHeaders onFrameError',
    'onGoawayData onAltSvc onOrigin onStreamTrailers onStreamClose',
  ].flatMap((line) => line.split(' '));
  names.forEach((name, i) => {
    exports.callbacks[name] = functions[i];
  });
};

/** Calls back in a frame of AsyncLocalStorage. What the callback throws nobody has caught. */
exports.call = (frame, callback, target, ...args) => {
  try {
    turns.runInFrame(frame, () => callback.apply(target, args));
  } catch (error) {
    require('rejections').uncaught(error);
  }
};
