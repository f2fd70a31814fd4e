/** From what Java says about a specifier to the error that the user's code sees. */
'use strict';

const TYPES = { Error, TypeError, RangeError };

/**
 * @param {unknown} result what the host gave
 * @returns {unknown} the same, unless it is a failure: that is thrown
 */
exports.checked = (result) => {
  if (result === null || typeof result !== 'object' || result.code === undefined) {
    return result;
  }
  const error = new TYPES[result.type](result.message);
  throw Object.assign(error, { code: result.code }, { ...result.properties });
};
