/** The text of `console.table`. */
'use strict';

const { inspect } = require('inspect');

const INDEX = '(index)';
const VALUES = 'Values';

const isObject = (value) => value !== null && typeof value === 'object';
const show = (value) => inspect(value, { depth: 1 });

/**
 * @param {object} data an array or object of rows; a row that is no object has one value
 * @param {string[]} [only] which columns
 */
exports.table = (data, only) => {
  const columns = new Set(only ?? []);
  const rows = Object.entries(data).map(([index, row]) => {
    const cells = new Map([[INDEX, index]]);
    if (!isObject(row)) {
      cells.set(VALUES, show(row));
      return cells;
    }
    for (const [key, value] of Object.entries(row)) {
      if (only === undefined) {
        columns.add(key);
      }
      if (columns.has(key)) {
        cells.set(key, show(value));
      }
    }
    return cells;
  });
  const hasValues = rows.some((row) => row.has(VALUES));
  const heads = [INDEX, ...columns, ...(hasValues && !columns.has(VALUES) ? [VALUES] : [])];
  const lines = [heads, ...rows.map((row) => heads.map((head) => row.get(head) ?? ''))];
  const widths = heads.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = (line) => `│ ${line.map((cell, i) => cell.padEnd(widths[i])).join(' │ ')} │`;
  const rule = (left, middle, right) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  return [
    rule('┌', '┬', '┐'),
    text(lines[0]),
    rule('├', '┼', '┤'),
    ...lines.slice(1).map(text),
    rule('└', '┴', '┘'),
  ].join('\n');
};
