/** Node's util.format: `%s %d %i %f %j %o %O %c %%`, and what is left over after a blank. */
'use strict';

const { attempt, typeName } = require('failures');
const { inspect } = require('inspect');

const DIRECTIVE = /%[sdifjoOc%]/g;

function toText(value) {
  switch (typeof value) {
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'object':
    case 'function':
      return value === null || !hasOwnToString(value)
        ? inspect(value, { depth: 0 })
        : String(value);
    default:
      return String(value);
  }
}

/** Whether the user gave the object a toString, his class's included; errors count. */
function hasOwnToString(value) {
  return attempt(() => {
    const { toString } = value;
    return (
      typeof toString === 'function' &&
      toString !== Object.prototype.toString &&
      toString !== Array.prototype.toString &&
      toString !== Function.prototype.toString
    );
  }, false);
}

function toNumber(value, parse) {
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  if (typeof value === 'symbol') {
    return 'NaN';
  }
  return toText(parse(value));
}

function toJson(value) {
  try {
    return String(JSON.stringify(value));
  } catch (error) {
    const circular = attempt(() => /circular|cyclic/i.test(error.message), false);
    return circular ? '[Circular]' : `[no JSON: ${typeName(value)}]`;
  }
}

const CONVERSIONS = {
  '%s': toText,
  '%d': (value) => toNumber(value, (v) => (typeof v === 'object' && v !== null ? NaN : Number(v))),
  '%i': (value) => toNumber(value, (v) => (typeof v === 'object' ? NaN : parseInt(v, 10))),
  '%f': (value) => toNumber(value, (v) => parseFloat(v)),
  '%j': toJson,
  '%o': (value) => inspect(value, { depth: 4, showHidden: true }),
  '%O': (value) => inspect(value),
  '%c': () => '',
};

/** The text of a call `console.log(...args)`. */
exports.format = (...args) => {
  const [first] = args;
  let used = 0;
  let text = '';
  if (typeof first === 'string') {
    used = 1;
    text =
      args.length === 1
        ? first
        : first.replace(DIRECTIVE, (directive) => {
            if (directive === '%%') {
              return '%';
            }
            return used < args.length
              ? attempt(() => CONVERSIONS[directive](args[used++]), '[cannot be shown]')
              : directive;
          });
  }
  const rest = args
    .slice(used)
    .map((value) => (typeof value === 'string' ? value : inspect(value)));
  return (typeof first === 'string' ? [text, ...rest] : rest).join(' ');
};
