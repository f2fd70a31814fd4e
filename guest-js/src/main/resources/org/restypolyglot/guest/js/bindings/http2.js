/** Node's internalBinding('http2'): what nghttp2 is there, for clients. */
'use strict';

const facts = require('node-constants').http2;
const state = require('bindings/http2-state');
const { Http2Session } = require('bindings/http2-session');
const { Http2Stream } = require('bindings/http2-stream');

const { constants, errorStrings, nameForErrorCode } = facts;

/** Those that `require('http2').constants` has, but does not show. */
const hidden = new Set(facts.hidden);

const shownConstants = {};
for (const [name, value] of Object.entries(constants)) {
  Object.defineProperty(shownConstants, name, {
    value,
    enumerable: !hidden.has(name),
    configurable: false,
    writable: false,
  });
}

/** The settings buffer's settings as the payload of a SETTINGS frame. */
function packSettings() {
  const { Buffer } = require('bindings').requireNode('buffer');
  const entries = state.takeSettings();
  const packed = Buffer.alloc(entries.length * 6);
  entries.forEach(([id, value], index) => {
    packed.writeUInt16BE(id, index * 6);
    packed.writeUInt32BE(value, index * 6 + 2);
  });
  return packed;
}

Object.assign(exports, {
  ...facts.fields,
  constants: shownConstants,
  nameForErrorCode,
  sessionState: state.sessionState,
  streamState: state.streamState,
  settingsBuffer: state.settingsBuffer,
  optionsBuffer: state.optionsBuffer,
  streamStats: new Float64Array(6),
  sessionStats: new Float64Array(9),
  nghttp2ErrorString: (code) => errorStrings[code] ?? 'Unknown error code',
  refreshDefaultSettings: state.refreshDefaultSettings,
  packSettings,
  setCallbackFunctions: state.setCallbackFunctions,
  Http2Session,
  Http2Stream,
});
