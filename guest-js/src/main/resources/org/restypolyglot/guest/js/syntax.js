/** Says where a syntax error is, as a path that an editor opens, and what to do about ES modules. */
'use strict';

/** ":3:10 Expected ; but found }", then the source line, then a caret; maybe more of the like. */
const FORM = /^:(\d+):(\d+) ([^\n]*)\n([^\n]*)\n *\^/;

/**
 * @param {SyntaxError} error the engine's, for the wrapped text of a module
 * @param {string} filename the module
 * @param {number} firstLineOffset the length of what was put before the first line
 */
exports.explainSyntaxError = (error, filename, firstLineOffset) => {
  const parts = error.message.startsWith(filename)
    ? FORM.exec(error.message.slice(filename.length))
    : null;
  if (parts === null) {
    return new SyntaxError(`${filename}: ${error.message}`);
  }
  const line = Number(parts[1]);
  const offset = line === 1 ? firstLineOffset : 0;
  const column = Math.max(0, Number(parts[2]) - offset);
  const place = `${filename}:${line}:${column + 1}`;
  const excerpt = `${parts[4].slice(offset)}\n${' '.repeat(column)}^`;
  const esModule = /found (import|export)$/.exec(parts[3]);
  const text =
    esModule === null
      ? parts[3]
      : `ERR_NOT_SUPPORTED: "${esModule[1]}" makes this an ES module, which is not supported; ` +
        'use require and exports';
  const better = new SyntaxError(`${place}: ${text}`);
  if (esModule !== null) {
    better.code = 'ERR_NOT_SUPPORTED';
  }
  better.stack = `${place}\n${excerpt}\nSyntaxError: ${place}: ${text}`;
  return better;
};
