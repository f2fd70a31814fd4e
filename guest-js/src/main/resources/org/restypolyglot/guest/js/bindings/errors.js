/** Errors that nobody caught. */
'use strict';

const { attempt } = require('failures');
const { exitCodes } = require('node-constants');

exports.exitCodes = exitCodes;
exports.noSideEffectsToString = (value) => {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};
exports.triggerUncaughtException = (error) => require('rejections').uncaught(error);

/** The first place of the stack that is a user's: its line as text, and where in it the call begins. */
exports.getErrorSourcePositions = () => {
  const [site] = require('bindings/util').getCallSites(1);
  if (site === undefined || !site.scriptName) {
    return {};
  }
  const { scriptName, lineNumber, columnNumber } = site;
  const { isModuleFile, firstLineOffset } = require('modules');
  const isWrapped = lineNumber === 1 && isModuleFile(scriptName);
  return {
    sourceLine: attempt(() => lineOf(scriptName, lineNumber), undefined),
    scriptResourceName: scriptName,
    lineNumber,
    startColumn: columnNumber - 1 - (isWrapped ? firstLineOffset : 0),
  };
};

function lineOf(name, number) {
  const { modules: files } = host;
  const file = name.startsWith('file:') ? files.pathOfUrl(name) : name;
  return typeof file === 'string' ? files.read(file).split(/\r?\n/)[number - 1] : undefined;
}
