package org.restypolyglot.guest.js;

import org.restypolyglot.core.guest.GuestContract;

/** The contract of all guests, for JavaScript. */
class JsContractTest extends GuestContract {
  JsContractTest() {
    super(new JsLanguage(), ".js");
  }

  @Override
  protected String handlers() {
    return """
    exports.encoding = null;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    function thrower() {
      throw Object.assign(new Error('boom'), { rc: 7 });
    }
    exports.init = () => {
      let count = 0;
      return {
        echo: (req) => req,
        nil: () => undefined,
        empty: () => '',
        text: () => 'ünï ✓ 🙂',
        all_bytes: () => Uint8Array.from({ length: 256 }, (_, i) => i),
        size: (req) => String(req.length),
        fail: () => thrower(),
        fail_plain: () => {
          throw new Error('plain');
        },
        wrong_type: () => 1,
        later: async (req) => {
          await wait(20);
          return req;
        },
        fail_later: async () => {
          await wait(1);
          throw Object.assign(new Error('late'), { rc: 8 });
        },
        never: (req, task) =>
          new Promise((resolve, reject) => {
            task.signal.addEventListener('abort', () => {
              console.log('cancelled');
              reject(task.signal.reason);
            });
          }),
        log: () => {
          console.debug('a debug line');
          console.info('an info line');
          console.warn('a warn line');
          console.error('an error line');
        },
        count: () => String(++count),
        recurse: function recurse() {
          return recurse() + 1;
        },
        spin: () => {
          for (;;);
        },
        spin_later: async () => {
          await wait(1);
          for (;;);
        },
        stubborn: () => {
          for (;;) {
            try {
              for (;;);
            } catch {
            } finally {
              continue;
            }
          }
        },
        sleep: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3600000),
      };
    };
    """;
  }

  @Override
  protected String source(Module module) {
    return switch (module) {
      case ANSWERS_METHOD -> "exports.answer = () => (req, task) => task.method;";
      case ENTRY_THROWS ->
          "exports.init = () => { throw Object.assign(new Error('entry failed'), { rc: 9 }); };";
      case ENTRY_FAILS_LATER ->
          "exports.init = async () => { await 1; throw new Error('entry failed later'); };";
      case ENTRY_LATER ->
          "exports.init = () => new Promise((ok) => setTimeout(ok, 5, (req) => req));";
      case SYNTAX_ERROR -> "exports.init = () => {\n  return 1;\n}}\n";
      case IMPORTS_MISSING -> "require('./not_there');";
      case USES_PART -> "const { text } = require('./part');\nexports.init = () => () => text;";
      case DISPOSES ->
          """
          exports.init = () => (req) => req;
          exports.dispose = async () => {
            await new Promise((resolve) => setTimeout(resolve, 20));
            console.log('disposed');
          };
          """;
      case CONFIG -> "exports.init = (cfg) => () => cfg === null ? 'none' : cfg;";
    };
  }

  @Override
  protected String part(String text) {
    return "exports.text = '" + text + "';";
  }
}
