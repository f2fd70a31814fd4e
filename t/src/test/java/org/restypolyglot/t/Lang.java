package org.restypolyglot.t;

/** The languages that a test runs for. */
enum Lang {
  JS("js"),
  PY("py");

  private final String prefix;

  Lang(String prefix) {
    this.prefix = prefix;
  }

  /** {@code js} */
  String prefix() {
    return prefix;
  }

  /** {@code js:t/calls,init} for {@code t/calls}. */
  String spec(String module) {
    return spec(module, "init");
  }

  String spec(String module, String entryAndConfig) {
    return prefix + ":" + module + "," + entryAndConfig;
  }

  /** {@code t/calls.js} for {@code t/calls}. */
  String file(String module) {
    return module + "." + prefix;
  }
}
