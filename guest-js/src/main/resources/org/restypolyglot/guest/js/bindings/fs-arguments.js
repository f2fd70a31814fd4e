/** What Node's C++ checks of the arguments of node:fs; the library checks the rest. */
'use strict';

const INT32_MAX = 2 ** 31 - 1;
const MODE_MAX = 7;

const codes = () => require('bindings').requireNode('internal/errors').codes;

function refuse(name, value) {
  const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = codes();
  if (typeof value !== 'number') {
    throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  }
  const range = Number.isInteger(value) ? `>= 0 && <= ${INT32_MAX}` : 'an integer';
  throw new ERR_OUT_OF_RANGE(name, range, value);
}

/** The descriptor, if it can be one. */
exports.fdOf = (fd) =>
  typeof fd === 'number' && (fd | 0) === fd && fd >= 0 ? fd | 0 : refuse('fd', fd);

const coded = (error, code) => Object.assign(error, { code });

/** The mode of access and copyFile: bits from 0 to 7. */
exports.modeOf = (mode) => {
  if (mode === undefined || mode === null) {
    return 0;
  }
  if (typeof mode !== 'number') {
    throw coded(new TypeError('mode must be int32 or null/undefined'), 'ERR_INVALID_ARG_TYPE');
  }
  if (Number.isNaN(mode)) {
    throw coded(new RangeError('mode is out of range'), 'ERR_OUT_OF_RANGE');
  }
  if (mode < 0 || mode > MODE_MAX) {
    throw coded(
      new RangeError(`mode is out of range: >= 0 && <= ${MODE_MAX}`),
      'ERR_OUT_OF_RANGE',
    );
  }
  return Math.trunc(mode);
};
