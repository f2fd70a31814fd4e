/** structuredClone, MessagePort and MessageChannel, and the class of their errors. */
'use strict';

const messages = require('messages');
const ports = require('bindings/message-port');

const { createOn, transferList, ...members } = ports;

Object.assign(exports, members);

exports.structuredClone = (value, options) =>
  messages.read(messages.write(value, transferList(options?.transfer)));

/** The library's own way to make objects: messages.js has it built in. */
exports.setDeserializerCreateObjectFunction = () => {};

Object.defineProperty(exports, 'DOMException', {
  get: () => require('bindings').requireNode('internal/per_context/domexception').DOMException,
});
