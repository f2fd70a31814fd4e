package org.restypolyglot.guest.js;

/** What a specifier means. */
sealed interface Resolved {

  /** A file, maybe with a query. */
  record InFile(FileUrl url) implements Resolved {}

  /**
   * No file: {@code node:fs}, or another URL.
   *
   * @param url its text
   */
  record Elsewhere(String url) implements Resolved {}
}
