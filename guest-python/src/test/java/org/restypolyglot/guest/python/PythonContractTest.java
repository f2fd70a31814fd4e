package org.restypolyglot.guest.python;

import org.restypolyglot.core.guest.GuestContract;

class PythonContractTest extends GuestContract {
  PythonContractTest() {
    super(new PythonLanguage(), ".py");
  }

  @Override
  protected String handlers() {
    return """
    import asyncio, logging
    import time

    logging.getLogger().setLevel(logging.DEBUG)

    class Failure(Exception):
        def __init__(self, text, rc):
            super().__init__(text)
            self.rc = rc

    def thrower():
        raise Failure("boom", 7)

    class Handlers:
        calls = 0

        def echo(self, req, task): return req
        def nil(self, req, task): return None
        def empty(self, req, task): return b""
        def text(self, req, task): return "ünï ✓ 🙂"
        def all_bytes(self, req, task): return bytes(range(256))
        def size(self, req, task): return str(len(req))
        def fail(self, req, task): thrower()
        def fail_plain(self, req, task): raise ValueError("plain")
        def wrong_type(self, req, task): return 42

        async def later(self, req, task):
            await asyncio.sleep(0.02)
            return req

        async def fail_later(self, req, task):
            await asyncio.sleep(0.001)
            raise Failure("late", 8)

        async def never(self, req, task):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                print("cancelled", task.cancelled)
                raise

        def log(self, req, task):
            logging.debug("a debug line")
            logging.info("an info line")
            logging.warning("a warn line")
            logging.error("an error line")

        def count(self, req, task):
            self.calls += 1
            return str(self.calls)

        def recurse(self, req, task): return self.recurse(req, task)

        def spin(self, req, task):
            while True: pass

        async def spin_later(self, req, task):
            await asyncio.sleep(0.001)
            while True: pass

        def stubborn(self, req, task):
            while True:
                try:
                    while True: pass
                except BaseException: pass

        def sleep(self, req, task): time.sleep(3600)

    def init(cfg): return Handlers()
    """;
  }

  @Override
  protected String source(Module module) {
    return switch (module) {
      case ANSWERS_METHOD -> "def answer(cfg): return lambda req, task: task.method";
      case ENTRY_THROWS ->
          """
          def init(cfg):
              error = ValueError("entry failed")
              error.rc = 9
              raise error
          """;
      case ENTRY_FAILS_LATER ->
          """
          import asyncio
          async def init(cfg):
              await asyncio.sleep(0.001)
              raise ValueError("entry failed later")
          """;
      case ENTRY_LATER ->
          """
          import asyncio
          async def init(cfg):
              await asyncio.sleep(0.001)
              return lambda req, task: req
          """;
      case SYNTAX_ERROR -> "def init(cfg):\n    return None\ndef = 1\n";
      case IMPORTS_MISSING -> "import not_there\n";
      case USES_PART ->
          """
          import part
          def init(cfg): return lambda req, task: part.text
          """;
      case DISPOSES ->
          """
          import asyncio
          def init(cfg): return lambda req, task: req
          async def dispose():
              await asyncio.sleep(0.01)
              print("disposed")
          """;
      case CONFIG -> "def init(cfg): return lambda req, task: 'none' if cfg is None else cfg";
    };
  }

  @Override
  protected String part(String text) {
    return "text = \"" + text + "\"";
  }

  @Override
  protected String missingMethodText(String name) {
    return "module \"handlers\" has no method \"" + name + "\"; it has: all_bytes, count, echo";
  }
}
