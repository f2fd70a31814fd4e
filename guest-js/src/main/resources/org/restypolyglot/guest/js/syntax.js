/** Says where a syntax error is, as a path that an editor opens, and what is no CommonJS. */
'use strict';

/** ":3:10 Expected ; but found }", then the source line, then a caret; maybe more of the like. */
const FORM = /^:(\d+):(\d+) ([^\n]*)\n([^\n]*)\n *\^/;

/** "Expected an operand but found import", at the first line of the message's. */
const ES_MODULE = /found (import|export)$/m;

/** Whether a syntax error is about an import or export, which no script may have. */
exports.isAboutModules = (error) => ES_MODULE.test(error.message);

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
  const keyword = ES_MODULE.exec(parts[3]);
  const text =
    keyword === null
      ? parts[3]
      : `Cannot use ${keyword[1]} statement outside a module; its name or the "type" of its ` +
        'package.json says that this file is CommonJS';
  const better = new SyntaxError(`${place}: ${text}`);
  better.stack = `${place}\n${excerpt}\nSyntaxError: ${place}: ${text}`;
  return better;
};
