package org.restypolyglot.guest.js;

/** What a module's file holds. */
enum EsmFormat {
  MODULE,
  COMMONJS,
  JSON
}
