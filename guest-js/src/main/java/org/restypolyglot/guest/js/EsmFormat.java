package org.restypolyglot.guest.js;

/** What a module is made of. */
enum EsmFormat {
  MODULE,
  COMMONJS,
  JSON,
  /** One of Node's own: no file. */
  BUILTIN
}
