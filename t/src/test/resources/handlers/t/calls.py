"""One method for each thing that a handler can do; calls.js has the same."""

import time


class Calls:
    def __init__(self):
        self.calls = 0
        self.held = []

    def echo(self, req, task):
        return req

    def nothing(self, req, task):
        return None

    def isnil(self, req, task):
        return "yes" if req is None else "no: " + type(req).__name__

    def method(self, req, task):
        return task.method

    def text(self, req, task):
        return "h\u00e9 \u6f22 \U0001f600 \0."

    def surrogate(self, req, task):
        return "a\ud800b"

    def decode(self, req, task):
        return req.decode()

    def count(self, req, task):
        self.calls += 1
        return str(self.calls)

    def number(self, req, task):
        return 42

    def object(self, req, task):
        return {"a": 1}

    def fail(self, req, task):
        raise ValueError(req.decode())

    def failrc(self, req, task):
        error = ValueError(req.decode())
        error.rc = 42
        raise error

    def failrczero(self, req, task):
        error = ValueError(req.decode())
        error.rc = 0
        raise error

    async def later(self, req, task):
        import asyncio  # here, as a runtime that does not need it should not wait for it

        await asyncio.sleep(0.001)
        return req

    async def laterfail(self, req, task):
        import asyncio

        await asyncio.sleep(0.001)
        raise ValueError(req.decode())

    async def wait(self, ms, task):
        import asyncio

        await asyncio.sleep(int(ms) / 1000)
        return b"waited " + ms

    def busy(self, ms, task):
        time.sleep(int(ms) / 1000)
        return b"busy for " + ms

    async def hold(self, req, task):
        """Answers when release() is called."""
        import asyncio

        future = asyncio.get_running_loop().create_future()
        self.held.append(future)
        await future
        return req

    def release(self, req, task):
        held, self.held = self.held, []
        for future in held:
            future.set_result(None)
        return str(len(held))

    def _private(self, req, task):
        return b"private"


def init(cfg):
    return Calls()
